/* SPDX-License-Identifier: MIT */
#include "daemon/control.h"

#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/mem.h"
#include "format/json.h"

enum {
	FIRST_PORT = 9400,
	LAST_PORT = 9449,
	MAX_BODY = 4096,
	MAX_CONNECTIONS = 16,
	CONNECTION_BYTES = 16384,
	IDLE_S = 5,
	BACKLOG = 16,
};

struct sk_control {
	struct MHD_Daemon *daemon;
	const char *token;
	const struct sk_control_calls *calls;
};

/* One request, from its headers to the end of its answer. */
struct request {
	struct sk_str body;
	bool is_too_large;
	bool shuts_down;
};

static int bind_to(unsigned port)
{
	const struct sockaddr_in addr = {
		.sin_family = AF_INET,
		.sin_port = htons((uint16_t)port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	const int on = 1;
	int fd, saved;

	fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -1;
	/* connections of the daemon before that linger are no obstacle */
	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) == 0 &&
	    bind(fd, (const struct sockaddr *)&addr, sizeof(addr)) == 0 &&
	    listen(fd, BACKLOG) == 0)
		return fd;
	saved = errno;
	close(fd);
	errno = saved;
	return -1;
}

static int listen_somewhere(unsigned *port, struct sk_err *err)
{
	struct sockaddr_in addr;
	socklen_t len = sizeof(addr);
	int fd = -1;

	for (unsigned p = FIRST_PORT; fd < 0 && p <= LAST_PORT; p++)
		fd = bind_to(p);
	if (fd < 0)
		fd = bind_to(0);
	if (fd < 0)
		return sk_fail_errno(err, errno, "cannot listen on 127.0.0.1");
	if (getsockname(fd, (struct sockaddr *)&addr, &len) < 0) {
		sk_fail_errno(err, errno, "cannot tell the port");
		close(fd);
		return -1;
	}
	*port = ntohs(addr.sin_port);
	return fd;
}

static enum MHD_Result answer(struct MHD_Connection *connection,
			      unsigned status, struct sk_str *body)
{
	struct MHD_Response *response;
	enum MHD_Result ret;
	size_t len = body->len;

	response = MHD_create_response_from_buffer(len, sk_str_take(body),
						   MHD_RESPMEM_MUST_FREE);
	/* fails for a malformed header alone, and ours are constants */
	if (!response ||
	    MHD_add_response_header(response, "Content-Type",
				    "application/json") != MHD_YES ||
	    MHD_add_response_header(response, "Cache-Control", "no-store") !=
		    MHD_YES)
		abort();
	ret = MHD_queue_response(connection, status, response);
	MHD_destroy_response(response);
	return ret;
}

static enum MHD_Result say(struct MHD_Connection *connection, unsigned status,
			   const char *key, const char *value)
{
	struct sk_str body = SK_STR_INIT;
	struct sk_jsonw w = SK_JSONW(&body);

	sk_jsonw_object(&w, NULL);
	sk_jsonw_text(&w, key, value);
	sk_jsonw_end_object(&w);
	return answer(connection, status, &body);
}

static bool has_token(const struct sk_control *control,
		      struct MHD_Connection *connection)
{
	static const char scheme[] = "Bearer ";
	const char *value = MHD_lookup_connection_value(
		connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_AUTHORIZATION);

	return value && strncasecmp(value, scheme, strlen(scheme)) == 0 &&
	       sk_secret_is(value + strlen(scheme), control->token);
}

/* No body, or one JSON object, whatever is in it. */
static bool has_good_body(const struct request *req)
{
	struct sk_json *root = NULL;
	struct sk_err ignored = {0};
	bool good;

	if (req->is_too_large)
		return false;
	if (!req->body.len)
		return true;
	good = sk_json_parse(&root, req->body.ptr, req->body.len, &ignored) ==
		       0 &&
	       sk_json_is_object(root);
	sk_json_free(root);
	return good;
}

static enum MHD_Result act(struct sk_control *control, struct request *req,
			   struct MHD_Connection *connection, const char *path,
			   const char *method)
{
	const struct sk_control_calls *calls = control->calls;
	bool is_post = strcmp(method, "POST") == 0;
	bool is_trigger = is_post && strcmp(path, "/api/sync/trigger") == 0;
	bool is_shutdown = is_post && strcmp(path, "/api/shutdown") == 0;
	struct sk_str body = SK_STR_INIT;

	if (strcmp(method, "GET") == 0 && strcmp(path, "/api/health") == 0) {
		calls->health(calls->ctx, &body);
		return answer(connection, 200, &body);
	}
	if (!is_trigger && !is_shutdown)
		return answer(connection, 404, &body);
	if (!has_token(control, connection))
		return say(connection, 403, "error", "invalid_token");
	if (!has_good_body(req))
		return say(connection, 400, "error", "invalid_payload");
	if (is_trigger && !calls->trigger(calls->ctx))
		return say(connection, 503, "error", "sync_unavailable");
	req->shuts_down = is_shutdown;
	return is_trigger ? say(connection, 202, "status", "scheduled")
			  : say(connection, 200, "status", "stopping");
}

/* Called once for the headers, for each piece of the body, and at its end. */
static enum MHD_Result on_request(void *ctx, struct MHD_Connection *connection,
				  const char *path, const char *method,
				  const char *version, const char *data,
				  size_t *len, void **state)
{
	struct request *req = *state;

	(void)version;
	if (!req) {
		req = sk_calloc(1, sizeof(*req));
		req->body = (struct sk_str)SK_STR_INIT;
		*state = req;
		return MHD_YES;
	}
	if (*len) {
		if (req->body.len + *len > MAX_BODY)
			req->is_too_large = true;
		else
			sk_str_add(&req->body, data, *len);
		*len = 0;
		return MHD_YES;
	}
	return act(ctx, req, connection, path, method);
}

static void on_completed(void *ctx, struct MHD_Connection *connection,
			 void **state, enum MHD_RequestTerminationCode how)
{
	struct sk_control *control = ctx;
	struct request *req = *state;

	(void)connection, (void)how;
	if (!req)
		return;
	if (req->shuts_down)
		control->calls->shutdown(control->calls->ctx);
	sk_str_free(&req->body);
	free(req);
	*state = NULL;
}

int sk_control_open(struct sk_control **out, unsigned *port, const char *token,
		    const struct sk_control_calls *calls, struct sk_err *err)
{
	struct sk_control *control;
	int fd = listen_somewhere(port, err);

	if (fd < 0)
		return -1;
	control = sk_calloc(1, sizeof(*control));
	control->token = token;
	control->calls = calls;
	control->daemon = MHD_start_daemon(
		MHD_USE_AUTO_INTERNAL_THREAD, 0, NULL, NULL, on_request,
		control, MHD_OPTION_LISTEN_SOCKET, fd,
		MHD_OPTION_CONNECTION_LIMIT, (unsigned)MAX_CONNECTIONS,
		MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_S,
		MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_BYTES,
		MHD_OPTION_NOTIFY_COMPLETED, on_completed, control,
		MHD_OPTION_END);
	if (!control->daemon) {
		close(fd);
		free(control);
		return sk_fail(err, SK_EFAIL, "cannot start the control port");
	}
	*out = control;
	return 0;
}

void sk_control_close(struct sk_control *control)
{
	if (!control)
		return;
	MHD_stop_daemon(control->daemon); /* closes the socket too */
	free(control);
}

/* SPDX-License-Identifier: MIT */
#include "server/httpd.h"

#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/now.h"
#include "server/route.h"

#define THREADS		4u
#define MAX_CONNECTIONS 512u

/* Headers over the route's own limit still fit, so that we can say so. */
#define CONNECTION_MEMORY ((size_t)65536)

/*
 * An answer can only be sent before the body or after it. A client that is
 * still writing would not read the first, so the body is read to its end, and
 * dropped, unless it is longer than this.
 */
#define MAX_DROPPED (8u << 20)

struct sk_httpd {
	struct MHD_Daemon *daemon;
	struct sk_server *server;
};

const char *sk_exchange_header(const struct sk_exchange *x, const char *name)
{
	return MHD_lookup_connection_value(x->connection, MHD_HEADER_KIND,
					   name);
}

const char *sk_exchange_query(const struct sk_exchange *x, const char *name)
{
	return MHD_lookup_connection_value(x->connection, MHD_GET_ARGUMENT_KIND,
					   name);
}

static enum MHD_Result add_size(void *ctx, enum MHD_ValueKind kind,
				const char *key, size_t key_len,
				const char *value, size_t value_len)
{
	size_t *bytes = ctx;

	(void)kind, (void)key, (void)value;
	*bytes += key_len + value_len + strlen(": \r\n");
	return MHD_YES;
}

size_t sk_exchange_header_bytes(const struct sk_exchange *x)
{
	size_t bytes = 0;

	MHD_get_connection_values_n(x->connection, MHD_HEADER_KIND, add_size,
				    &bytes);
	return bytes;
}

static int socket_of(struct MHD_Connection *connection)
{
	return MHD_get_connection_info(connection,
				       MHD_CONNECTION_INFO_CONNECTION_FD)
		->connect_fd;
}

static struct sk_exchange *begin(struct sk_server *server,
				 struct MHD_Connection *connection,
				 const char *path, const char *method)
{
	struct sk_exchange *x = sk_calloc(1, sizeof(*x));

	x->server = server;
	x->connection = connection;
	x->path = path;
	x->method = method;
	x->user = x->body = x->reply = (struct sk_str)SK_STR_INIT;
	atomic_fetch_add(&server->active, 1);
	sk_deadline_start(server->deadline, socket_of(connection));
	return x;
}

static void on_completed(void *ctx, struct MHD_Connection *connection,
			 void **state, enum MHD_RequestTerminationCode how)
{
	struct sk_server *server = ctx;
	struct sk_exchange *x = *state;

	if (!x)
		return;
	if (how == MHD_REQUEST_TERMINATED_COMPLETED_OK)
		sk_deadline_start(server->deadline, socket_of(connection));
	sk_json_wipe(x->json); /* a password may have been in it */
	sk_str_free(&x->user);
	sk_str_wipe(&x->body);
	sk_str_free(&x->reply);
	free(x);
	*state = NULL;
	atomic_fetch_sub(&server->active, 1);
}

static void add_header(struct MHD_Response *response, const char *name,
		       const char *value)
{
	/* fails for a malformed header alone, and ours are constants */
	if (MHD_add_response_header(response, name, value) != MHD_YES)
		abort();
}

static enum MHD_Result send_reply(struct sk_exchange *x)
{
	struct MHD_Response *response;
	enum MHD_Result ret;
	char seconds[16];
	size_t len = x->reply.len;

	response = MHD_create_response_from_buffer(len, sk_str_take(&x->reply),
						   MHD_RESPMEM_MUST_FREE);
	if (!response)
		abort();
	add_header(response, "Content-Type", "application/json");
	add_header(response, "Cache-Control", "no-store");
	if (x->allow)
		add_header(response, "Allow", x->allow);
	if (x->status == 401)
		add_header(response, "WWW-Authenticate", "Bearer");
	if (x->retry_after_s) {
		snprintf(seconds, sizeof(seconds), "%u", x->retry_after_s);
		add_header(response, "Retry-After", seconds);
	}
	if (atomic_load(&x->server->stopping))
		add_header(response, "Connection", "close");
	ret = MHD_queue_response(x->connection, x->status, response);
	MHD_destroy_response(response);
	return ret;
}

/* A body that will not be read is answered at once; see MAX_DROPPED. */
static bool is_endless(const struct sk_exchange *x)
{
	const char *length = sk_exchange_header(x, "Content-Length");

	return length && strtoull(length, NULL, 10) > MAX_DROPPED;
}

/* Keep a piece of the body, or drop it once the request is answered. */
static enum MHD_Result take(struct sk_exchange *x, const char *data, size_t len)
{
	x->received += len;
	if (x->received > MAX_DROPPED)
		return MHD_NO;
	if (!x->status && x->received > x->max_body) {
		sk_exchange_too_large(
			x, "request body exceeds %zu bytes (payload too large)",
			x->max_body);
		sk_str_free(&x->body);
	}
	if (!x->status)
		sk_str_add(&x->body, data, len);
	return MHD_YES;
}

/* Called once for the headers, for each piece of the body, and at its end. */
static enum MHD_Result on_request(void *ctx, struct MHD_Connection *connection,
				  const char *path, const char *method,
				  const char *version, const char *data,
				  size_t *len, void **state)
{
	struct sk_exchange *x = *state;

	(void)version;
	if (!x) {
		*state = x = begin(ctx, connection, path, method);
		sk_route_admit(x);
		return x->status && is_endless(x) ? send_reply(x) : MHD_YES;
	}
	if (*len) {
		size_t piece = *len;

		*len = 0;
		return take(x, data, piece);
	}
	if (!x->status)
		sk_route_run(x);
	return send_reply(x);
}

static void on_connection(void *ctx, struct MHD_Connection *connection,
			  void **state,
			  enum MHD_ConnectionNotificationCode code)
{
	struct sk_server *server = ctx;

	(void)state;
	if (code == MHD_CONNECTION_NOTIFY_STARTED)
		sk_deadline_start(server->deadline, socket_of(connection));
	else
		sk_deadline_end(server->deadline, socket_of(connection));
}

int sk_httpd_start(struct sk_httpd **out, struct sk_server *server, int socket,
		   unsigned idle_s, struct sk_err *err)
{
	struct sk_httpd *httpd = sk_calloc(1, sizeof(*httpd));

	httpd->server = server;
	httpd->daemon = MHD_start_daemon(
		MHD_USE_AUTO_INTERNAL_THREAD | MHD_USE_ITC, 0, NULL, NULL,
		on_request, server, MHD_OPTION_LISTEN_SOCKET, socket,
		MHD_OPTION_THREAD_POOL_SIZE, THREADS,
		MHD_OPTION_CONNECTION_LIMIT, MAX_CONNECTIONS,
		MHD_OPTION_CONNECTION_TIMEOUT, idle_s,
		MHD_OPTION_CONNECTION_MEMORY_LIMIT, CONNECTION_MEMORY,
		MHD_OPTION_NOTIFY_COMPLETED, on_completed, server,
		MHD_OPTION_NOTIFY_CONNECTION, on_connection, server,
		MHD_OPTION_END);
	if (!httpd->daemon) {
		close(socket);
		free(httpd);
		return sk_fail(err, SK_EFAIL, "cannot start the HTTP server");
	}
	*out = httpd;
	return 0;
}

void sk_httpd_stop(struct sk_httpd *httpd, unsigned wait_ms)
{
	int64_t until = sk_mono_ms() + wait_ms;
	MHD_socket listener;

	if (!httpd)
		return;
	atomic_store(&httpd->server->stopping, true);
	listener = MHD_quiesce_daemon(httpd->daemon);
	while (atomic_load(&httpd->server->active) > 0 && sk_mono_ms() < until)
		sk_sleep_ms(5);
	MHD_stop_daemon(httpd->daemon);
	if (listener != MHD_INVALID_SOCKET)
		close(listener);
	free(httpd);
}

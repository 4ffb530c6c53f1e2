/* SPDX-License-Identifier: MIT */
#include "tests/fault/fault.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/mem.h"
#include "format/gzip.h"
#include "format/json.h"

enum { MAX_REQUEST = 64 << 20 };

bool send_bytes(int fd, const char *data, size_t len)
{
	while (len) {
		ssize_t n = send(fd, data, len, MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		data += n;
		len -= (size_t)n;
	}
	return true;
}

static bool read_more(struct connection *conn)
{
	char buf[65536];
	ssize_t n = recv(conn->fd, buf, sizeof(buf), 0);

	if (n <= 0 || conn->in.len > MAX_REQUEST)
		return false;
	sk_str_add(&conn->in, buf, (size_t)n);
	return true;
}

/* The value of a header in the block that ends at `end`; "" when absent. */
static void find_header(struct sk_str *out, const char *block, const char *end,
			const char *name)
{
	size_t len = strlen(name);

	sk_str_clear(out);
	for (const char *at = block; at && at < end; at = strstr(at, "\r\n")) {
		at += 2 * (at != block);
		if (strncasecmp(at, name, len) != 0 || at[len] != ':')
			continue;
		at += len + 1;
		at += strspn(at, " ");
		sk_str_add(out, at, strcspn(at, "\r\n"));
		return;
	}
}

static void free_request(struct request *req)
{
	for (size_t i = 0; i < req->count; i++)
		sk_str_free(&req->ids[i]);
	free(req->ids);
	sk_str_free(&req->method);
	sk_str_free(&req->path);
	sk_str_free(&req->bearer);
	sk_str_free(&req->body);
}

static void read_ids(struct request *req)
{
	const struct sk_json *event;
	struct sk_json *root = NULL;
	struct sk_err err;

	if (sk_json_parse(&root, req->body.ptr, req->body.len, &err) < 0)
		return;
	event = sk_json_first(sk_json_get(root, "events"));
	for (; event; event = sk_json_next(event)) {
		const char *id = sk_json_get_text(event, "event_id");

		SK_GROW(req->ids, req->count, req->cap);
		req->ids[req->count] = (struct sk_str)SK_STR_INIT;
		sk_str_puts(&req->ids[req->count++], id ? id : "");
	}
	sk_json_free(root);
}

static bool read_head(struct connection *conn, struct request *req,
		      size_t *head, size_t *length, bool *gzip)
{
	struct sk_str value = SK_STR_INIT;
	char *end;
	size_t word;

	while ((end = strstr(conn->in.ptr, "\r\n\r\n")) == NULL) {
		if (!read_more(conn))
			return false;
	}
	*head = (size_t)(end - conn->in.ptr) + 4;
	word = strcspn(conn->in.ptr, " ");
	sk_str_add(&req->method, conn->in.ptr, word);
	sk_str_add(&req->path, conn->in.ptr + word + 1,
		   strcspn(conn->in.ptr + word + 1, " \r"));
	find_header(&value, conn->in.ptr, end, "Content-Length");
	*length = strtoul(value.ptr, NULL, 10);
	find_header(&value, conn->in.ptr, end, "Content-Encoding");
	*gzip = strcmp(value.ptr, "gzip") == 0;
	find_header(&value, conn->in.ptr, end, "Authorization");
	if (strncmp(value.ptr, "Bearer ", 7) == 0)
		sk_str_puts(&req->bearer, value.ptr + 7);
	sk_str_free(&value);
	return true;
}

static bool read_request(struct connection *conn, struct request *req)
{
	size_t head, length;
	struct sk_err err;
	bool gzip;

	if (!read_head(conn, req, &head, &length, &gzip))
		return false;
	while (conn->in.len < head + length) {
		if (!read_more(conn))
			return false;
	}
	req->encoded_bytes = length;
	if (!gzip)
		sk_str_add(&req->body, conn->in.ptr + head, length);
	else if (sk_gunzip(&req->body, conn->in.ptr + head, length, MAX_REQUEST,
			   &err) < 0)
		return false;
	memmove(conn->in.ptr, conn->in.ptr + head + length,
		conn->in.len - head - length + 1);
	conn->in.len -= head + length;
	read_ids(req);
	return true;
}

static enum target target_of(const char *path)
{
	if (strstr(path, "/token/refresh"))
		return TARGET_REFRESH;
	if (strstr(path, "/token"))
		return TARGET_TOKEN;
	return strstr(path, "/health") ? TARGET_HEALTH : TARGET_BATCH;
}

static void write_log(struct exchange *x, const char *behaviour)
{
	struct sk_str line = SK_STR_INIT;
	struct sk_jsonw w = SK_JSONW(&line);
	int fd;

	if (!x->srv->log_file)
		return;
	sk_jsonw_object(&w, NULL);
	sk_jsonw_text(&w, "method", x->req->method.ptr);
	sk_jsonw_text(&w, "path", x->req->path.ptr);
	sk_jsonw_text(&w, "bearer", x->req->bearer.ptr);
	sk_jsonw_int(&w, "encoded_bytes", (int64_t)x->req->encoded_bytes);
	sk_jsonw_int(&w, "bytes", (int64_t)x->req->body.len);
	sk_jsonw_array(&w, "ids");
	for (size_t i = 0; i < x->req->count; i++)
		sk_jsonw_text(&w, NULL, x->req->ids[i].ptr);
	sk_jsonw_end_array(&w);
	sk_str_addf(&line, ", \"stored\": [%s]", x->stored.ptr);
	sk_jsonw_text(&w, "behaviour", behaviour);
	sk_jsonw_end_object(&w);
	sk_str_putc(&line, '\n');
	fd = open(x->srv->log_file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC,
		  0600);
	if (fd < 0 || write(fd, line.ptr, line.len) != (ssize_t)line.len)
		abort();
	close(fd);
	sk_str_free(&line);
}

bool serve_one(struct connection *conn)
{
	struct request req = {
		SK_STR_INIT, SK_STR_INIT, SK_STR_INIT, SK_STR_INIT,
		0,	     NULL,	  0,	       0};
	struct exchange x = {.srv = conn->srv,
			     .fd = conn->fd,
			     .req = &req,
			     .stored = SK_STR_INIT,
			     .keep = true};
	const struct step *step;

	if (!read_request(conn, &req)) {
		free_request(&req);
		return false;
	}
	x.target = target_of(req.path.ptr);
	step = script_next(conn->srv, x.target);
	x.headers = step && step->headers ? step->headers : "";
	behave(&x, step ? step->text : "ok");
	write_log(&x, step ? step->text : "ok");
	sk_str_free(&x.stored);
	free_request(&req);
	return x.keep;
}

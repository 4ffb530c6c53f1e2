/* SPDX-License-Identifier: MIT */
/*
 * A server of events that misbehaves on request, for tests. Listens on a free
 * port of 127.0.0.1 and writes the port to a file.
 *
 *   fault-server --port-file F [--port N] [--script F] [--log F]
 *
 * The script has one behaviour a line; each request takes the next one, and the
 * last stays. Lines that begin with `token:`, `refresh:` or `health:` are for
 * those endpoints, the others for the batch endpoint; an endpoint without lines
 * does `ok`. Empty lines and those that begin with # are skipped.
 *
 *   header <name>: <value>  add this header to the answer of the next line
 *   ok                      as a good server: each event stored, known ones
 *                           answered as duplicates; tokens; health
 *   pending                 every event `queued`, none stored
 *   status <code> [<body>]  this status and body (JSON, HTML or text)
 *   results <how>           a 200 whose results are
 *        accepted|warning|queued|... this status for every event
 *        reject:<text>      all rejected for this reason
 *        mixed              success, duplicate, pending, rejected in turn
 *        missing            every second event is left out (and not stored)
 *        unknown-id         ids that were never sent
 *        twice              each event twice, as success and as rejected
 *        empty              none at all
 *   details <text>          400, `details` names the first event alone
 *   poison <id>[,<id>] [details]  400 while one of these ids is in the batch,
 *                           with per-event details or without; else ok
 *   413 <bytes>             413 when the decoded body is larger; else ok
 *   limits <n> <bytes>      health: advertise these limits
 *   no-refresh              refresh: an answer without a refresh token
 *   auth <behaviour>        401 unless the bearer is the access token given
 *                           last; else that behaviour
 *   delay <ms> <behaviour>  wait, then that behaviour
 *   lost                    store the events, then reset the connection
 *   reset | close           after the request, before any answer
 *   cut-headers | cut-body  half of a good answer, then close
 *   stall                   never answer
 *   slow <ms>               a good answer, one byte each <ms>
 *   html                    200 with a portal's page
 *   redirect <code> <url>
 *   bomb                    a small gzip body that decodes to 64 MiB
 *   endless                 a chunked body without end
 *   huge-header [line]      200 kB of header; `line`: all in one line
 *   garbage                 bytes that are not HTTP
 *
 * The log has one JSON object a request: method, path, bearer, encoded_bytes,
 * bytes, ids (sent), stored (ids that were new), behaviour.
 */
#include <arpa/inet.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "tests/fault/fault.h"

static const struct option_row {
	const char *name;
	size_t offset;
} options[] = {
	{"--port", offsetof(struct server, port)},
	{"--port-file", offsetof(struct server, port_file)},
	{"--script", offsetof(struct server, script_file)},
	{"--log", offsetof(struct server, log_file)},
};

static void *serve(void *ctx)
{
	struct connection *conn = ctx;

	while (serve_one(conn))
		continue;
	close(conn->fd);
	sk_str_free(&conn->in);
	free(conn);
	return NULL;
}

static int parse_options(struct server *srv, int argc, char **argv)
{
	for (int i = 1; i < argc; i += 2) {
		size_t at = 0;

		while (at < SK_COUNTOF(options) &&
		       strcmp(argv[i], options[at].name) != 0)
			at++;
		if (at == SK_COUNTOF(options) || i + 1 == argc) {
			fprintf(stderr, "usage: fault-server --port-file <file>"
					" [--port <n>] [--script <file>]"
					" [--log <file>]\n");
			return -1;
		}
		*(const char **)(void *)((char *)srv + options[at].offset) =
			argv[i + 1];
	}
	return 0;
}

static int listen_on(const char *wanted, int *port)
{
	struct sockaddr_in addr = {.sin_family = AF_INET,
				   .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof(addr);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;

	addr.sin_port = htons(wanted ? (uint16_t)atoi(wanted) : 0);
	if (fd < 0 ||
	    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) < 0 ||
	    bind(fd, (struct sockaddr *)&addr, len) < 0 ||
	    listen(fd, 128) < 0 ||
	    getsockname(fd, (struct sockaddr *)&addr, &len) < 0) {
		perror("fault-server");
		return -1;
	}
	*port = ntohs(addr.sin_port);
	return fd;
}

static int announce(const struct server *srv, int port, struct sk_err *err)
{
	char text[16];

	snprintf(text, sizeof(text), "%d\n", port);
	if (srv->port_file)
		return sk_file_write(srv->port_file, text, strlen(text), 0644,
				     err);
	fputs(text, stdout);
	return fflush(stdout);
}

int main(int argc, char **argv)
{
	static struct server srv = {.lock = PTHREAD_MUTEX_INITIALIZER};
	struct sk_err err = {0};
	int fd, port;

	signal(SIGPIPE, SIG_IGN);
	if (parse_options(&srv, argc, argv) < 0)
		return 129;
	if (script_read(&srv, &err) < 0 ||
	    (fd = listen_on(srv.port, &port)) < 0 ||
	    announce(&srv, port, &err) < 0) {
		fprintf(stderr, "fault-server: %s\n", err.msg);
		return 128;
	}
	for (;;) {
		struct connection *conn = sk_calloc(1, sizeof(*conn));
		pthread_t thread;

		conn->srv = &srv;
		conn->in = (struct sk_str)SK_STR_INIT;
		conn->fd = accept(fd, NULL, NULL);
		if (conn->fd < 0 ||
		    pthread_create(&thread, NULL, serve, conn) != 0)
			abort();
		pthread_detach(thread);
	}
}

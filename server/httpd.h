/* SPDX-License-Identifier: MIT */
/*
 * The HTTP library: connections in, exchanges to the routes, answers out.
 * Serves from threads of its own between start and stop.
 */
#ifndef SK_SERVER_HTTPD_H
#define SK_SERVER_HTTPD_H

#include "server/server.h"

struct sk_httpd;

/*
 * Serve connections of the listening socket, which the server takes over, also
 * on failure. `idle_s` ends silent connections. *out is owned, free it with
 * sk_httpd_stop(). Returns 0 or -1.
 */
int sk_httpd_start(struct sk_httpd **out, struct sk_server *server, int socket,
		   unsigned idle_s, struct sk_err *err) SK_NODISCARD;

/*
 * Take no more connections, wait up to `wait_ms` for the requests in flight,
 * then close all. Accepts NULL.
 */
void sk_httpd_stop(struct sk_httpd *httpd, unsigned wait_ms);

#endif

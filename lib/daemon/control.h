/* SPDX-License-Identifier: MIT */
/*
 * The port by which a daemon is told what to do: HTTP on 127.0.0.1 alone, with
 * a token in the Authorization header for all that changes anything.
 *
 *	GET  /api/health          200  how it is; open, never names the token
 *	POST /api/sync/trigger    202  send now
 *	POST /api/shutdown        200  end after the batch in flight
 *
 * 403 is a wrong token, 400 a body that is no JSON object (none is fine), 404
 * all else. Requests are few and small, connections are few and short: memory
 * stays bounded whatever comes.
 */
#ifndef SK_DAEMON_CONTROL_H
#define SK_DAEMON_CONTROL_H

#include "base/err.h"
#include "base/str.h"

/* Called from the port's own thread. */
struct sk_control_calls {
	void *ctx;
	void (*health)(void *ctx, struct sk_str *json); /* appends it */
	bool (*trigger)(void *ctx);  /* false: it is ending already */
	void (*shutdown)(void *ctx); /* once the answer is on its way */
};

struct sk_control;

/*
 * Listen on the first free port of 9400 to 9449, else on any; `token` and
 * `calls` are borrowed until sk_control_close(). *out is owned, *port set.
 * Returns 0 or -1.
 */
int sk_control_open(struct sk_control **out, unsigned *port, const char *token,
		    const struct sk_control_calls *calls,
		    struct sk_err *err) SK_NODISCARD;

/* Stop listening; waits for the thread. Accepts NULL. */
void sk_control_close(struct sk_control *control);

#endif

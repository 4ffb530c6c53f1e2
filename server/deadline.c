/* SPDX-License-Identifier: MIT */
#include "server/deadline.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/mem.h"
#include "base/now.h"

struct sk_deadline {
	pthread_mutex_t lock;
	int64_t limit_ms;
	int64_t *since; /* by descriptor; 0 = no such connection */
	size_t len;
};

struct sk_deadline *sk_deadline_new(int64_t limit_ms)
{
	struct sk_deadline *deadline = sk_calloc(1, sizeof(*deadline));

	pthread_mutex_init(&deadline->lock, NULL);
	deadline->limit_ms = limit_ms;
	return deadline;
}

void sk_deadline_free(struct sk_deadline *deadline)
{
	if (!deadline)
		return;
	pthread_mutex_destroy(&deadline->lock);
	free(deadline->since);
	free(deadline);
}

static void set(struct sk_deadline *deadline, int fd, int64_t since)
{
	size_t at = (size_t)fd, old;

	pthread_mutex_lock(&deadline->lock);
	old = deadline->len;
	if (at >= old) {
		deadline->len = at + 64;
		deadline->since = sk_realloc(deadline->since, deadline->len,
					     sizeof(*deadline->since));
		memset(deadline->since + old, 0,
		       (deadline->len - old) * sizeof(*deadline->since));
	}
	deadline->since[at] = since;
	pthread_mutex_unlock(&deadline->lock);
}

void sk_deadline_start(struct sk_deadline *deadline, int fd)
{
	/* the clock may stand at 0 right after boot, and 0 means none */
	set(deadline, fd, sk_mono_ms() + 1);
}

void sk_deadline_end(struct sk_deadline *deadline, int fd)
{
	set(deadline, fd, 0);
}

void sk_deadline_sweep(struct sk_deadline *deadline)
{
	int64_t now = sk_mono_ms();

	/* under the lock: a descriptor in the table cannot be closed meanwhile
	 */
	pthread_mutex_lock(&deadline->lock);
	for (size_t i = 0; i < deadline->len; i++) {
		if (deadline->since[i] &&
		    now - deadline->since[i] > deadline->limit_ms) {
			shutdown((int)i, SHUT_RDWR);
			deadline->since[i] = 0;
		}
	}
	pthread_mutex_unlock(&deadline->lock);
}

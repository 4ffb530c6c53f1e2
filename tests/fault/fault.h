/* SPDX-License-Identifier: MIT */
/*
 * The parts of the fault server: its script, a connection, and what it does to
 * one request. One thread a connection; the lock guards everything of the
 * server that changes.
 */
#ifndef SK_TESTS_FAULT_H
#define SK_TESTS_FAULT_H

#include <pthread.h>

#include "base/err.h"
#include "base/map.h"
#include "base/str.h"

enum target {
	TARGET_BATCH,
	TARGET_TOKEN,
	TARGET_REFRESH,
	TARGET_HEALTH,
	TARGET_COUNT,
};

struct step {
	char *text;    /* the behaviour and its arguments */
	char *headers; /* whole lines with CRLF; NULL for none */
};

struct script {
	struct step *steps;
	size_t len, cap;
	size_t next;
};

struct server {
	const char *port; /* to listen on; NULL: a free one */
	const char *port_file, *script_file, *log_file;
	pthread_mutex_t lock;
	struct script scripts[TARGET_COUNT];
	struct sk_map stored;
	unsigned tokens; /* issued so far */
};

struct request {
	struct sk_str method, path, bearer;
	struct sk_str body; /* decoded */
	size_t encoded_bytes;
	struct sk_str *ids; /* of the events in it */
	size_t count, cap;
};

struct connection {
	struct server *srv;
	int fd;
	struct sk_str in; /* read, not yet used */
};

/* One request and how it is answered. */
struct exchange {
	struct server *srv;
	int fd;
	enum target target;
	const struct request *req;
	const char *headers;  /* extra ones; "" for none */
	struct sk_str stored; /* JSON list of ids, for the log */
	bool keep;	      /* the connection stays open */
};

/* Read the script file; none is an empty script. Returns 0 or -1. */
int script_read(struct server *srv, struct sk_err *err);

/* The step for the next request of this kind; borrowed. NULL = do `ok`. */
const struct step *script_next(struct server *srv, enum target target);

/* Read a request, answer it, log it. Returns whether to go on. */
bool serve_one(struct connection *conn);

/* One word of the script, and what it does with the words behind it. */
struct verb {
	const char *name;
	void (*act)(struct exchange *x, const char *arg);
};

/* Do what the behaviour says; one that is unknown ends the program. */
void behave(struct exchange *x, const char *text);

/* Do it if it is one of these verbs, or one of the broken ones. */
bool try_verbs(struct exchange *x, const char *text, const struct verb *table,
	       size_t count);
bool damage(struct exchange *x, const char *text);

/* Append status line and headers; the body of a good answer. */
void add_head(struct sk_str *out, const struct exchange *x, int status,
	      const char *type, size_t len);
void add_good_body(struct exchange *x, struct sk_str *out);

/* Send a whole answer whose type is that of its body. */
void respond_text(struct exchange *x, int status, const char *body);

/* Send a whole answer; `type` NULL guesses from the body. */
void respond(struct exchange *x, int status, const char *type, const char *body,
	     size_t len);

/* Send bytes as they are. False when the client has gone. */
bool send_bytes(int fd, const char *data, size_t len);

/*
 * Append {"results": [...]} of a batch. `how` as in the script's `results`;
 * NULL answers as a good server does and stores the events.
 */
void results_add(struct exchange *x, struct sk_str *out, const char *how);

#endif

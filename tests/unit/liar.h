/* SPDX-License-Identifier: MIT */
/*
 * A server of events that picks what it does at random: honest, broken, lying,
 * or killing its client at the worst moment. It runs in a process of its own
 * and keeps its table in memory shared with the test.
 */
#ifndef SK_TESTS_UNIT_LIAR_H
#define SK_TESTS_UNIT_LIAR_H

#include <arpa/inet.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "format/gzip.h"
#include "format/json.h"

enum { MAX_EVENTS = 24 };

/* Shared by the server, the client under test and the test. */
struct world {
	int port;
	uint64_t random; /* state of the server's choices */
	bool is_good;	 /* no tricks from now on */
	pid_t client;	 /* whom it may kill */
	int token;	 /* the access token that counts */
	bool stored[MAX_EVENTS];
	bool is_guilty[MAX_EVENTS]; /* never accepted */

	/* what it said in answers it sent whole, since the run began */
	int said_success, said_duplicate, said_pending, said_rejected;
	int requests;

	/* what the client reports of its run */
	bool is_reported;
	int64_t synced, duplicates, pending, failed, parked, queued;
};

/* xorshift64*: reproducible from the seed on every machine */
static inline unsigned pick(uint64_t *state, unsigned below)
{
	*state ^= *state >> 12;
	*state ^= *state << 25;
	*state ^= *state >> 27;
	return (unsigned)((*state * 2685821657736338717u) >> 33) % below;
}

/* One request under way. */
struct liar {
	struct world *w;
	int fd;
	struct sk_str in, body, out;
	int ids[MAX_EVENTS]; /* indices of the events sent */
	int count;
};

static inline unsigned choose(struct liar *l, unsigned below)
{
	return pick(&l->w->random, below);
}

static inline bool read_request(struct liar *l)
{
	char buf[65536], *end;
	size_t want = 0;
	ssize_t n;

	sk_str_clear(&l->in);
	for (;;) {
		end = strstr(l->in.ptr, "\r\n\r\n");
		if (end) {
			const char *len =
				strcasestr(l->in.ptr, "content-length:");

			want = (size_t)(end + 4 - l->in.ptr);
			if (len && len < end)
				want += strtoul(len + 15, NULL, 10);
			if (l->in.len >= want)
				break;
		}
		n = read(l->fd, buf, sizeof(buf));
		if (n <= 0)
			return false;
		sk_str_add(&l->in, buf, (size_t)n);
	}
	sk_str_clear(&l->body);
	sk_str_add(&l->body, end + 4,
		   l->in.len - (size_t)(end + 4 - l->in.ptr));
	return true;
}

/* Which events are in the batch; the client's body must be what it should. */
static inline void read_batch(struct liar *l)
{
	struct sk_str text = SK_STR_INIT;
	const struct sk_json *event;
	struct sk_json *root = NULL;
	struct sk_err err = {0};

	l->count = 0;
	if (sk_gunzip(&text, l->body.ptr, l->body.len, 1 << 24, &err) < 0 ||
	    sk_json_parse(&root, text.ptr, text.len, &err) < 0) {
		fprintf(stderr, "# bad batch: %s\n", err.msg);
		abort();
	}
	event = sk_json_first(sk_json_get(root, "events"));
	for (; event; event = sk_json_next(event)) {
		const char *id = sk_json_get_text(event, "event_id");

		if (sk_json_get(event, "drain_blocked_reason"))
			abort();
		l->ids[l->count++] = atoi(id + 4);
	}
	sk_json_free(root);
	sk_str_free(&text);
}

static inline bool send_all_of(struct liar *l, const char *data, size_t len)
{
	while (len > 0) {
		ssize_t n = send(l->fd, data, len, MSG_NOSIGNAL);

		if (n <= 0)
			return false;
		data += n;
		len -= (size_t)n;
	}
	return true;
}

static inline bool answer(struct liar *l, int status, const char *headers,
			  const char *body)
{
	sk_str_clear(&l->out);
	sk_str_addf(&l->out,
		    "HTTP/1.1 %d X\r\nContent-Type: %s\r\n%s"
		    "Content-Length: %zu\r\n\r\n%s",
		    status, *body == '<' ? "text/html" : "application/json",
		    headers, strlen(body), body);
	return send_all_of(l, l->out.ptr, l->out.len);
}

/* ... of which the connection's end swallows a part. Returns false. */
static inline bool answer_half(struct liar *l, const char *body)
{
	sk_str_clear(&l->out);
	sk_str_addf(&l->out,
		    "HTTP/1.1 200 X\r\nContent-Type: application/json\r\n"
		    "Content-Length: %zu\r\n\r\n%s",
		    strlen(body), body);
	send_all_of(l, l->out.ptr, 1 + choose(l, (unsigned)l->out.len - 1));
	return false;
}

static inline void add_verdict(struct sk_str *out, int event,
			       const char *status)
{
	sk_str_addf(out,
		    "%s{\"event_id\": \"01KE%022d\", \"status\": \"%s\","
		    " \"error\": \"because %d\"}",
		    out->ptr[out->len - 1] == '[' ? "" : ", ", event, status,
		    event);
}

/* Store the event unless it is there or guilty. Returns the honest verdict. */
static inline const char *store(struct liar *l, int event)
{
	bool *stored = &l->w->stored[event];

	if (l->w->is_guilty[event])
		return "rejected";
	if (*stored)
		return "duplicate";
	*stored = true;
	return "success";
}

static inline void count(struct liar *l, const char *status)
{
	struct world *w = l->w;

	if (strcmp(status, "success") == 0)
		w->said_success++;
	else if (strcmp(status, "duplicate") == 0)
		w->said_duplicate++;
	else if (strcmp(status, "pending") == 0)
		w->said_pending++;
	else
		w->said_rejected++;
}

enum trick {
	HONEST,
	PENDING,
	MISSING,
	UNKNOWN,
	TWICE,
	LOST,
	TORN,
	KILL,
	TRICKS
};

/* A 200, with one trick somewhere in it. */
static inline bool answer_results(struct liar *l, enum trick trick)
{
	struct sk_str body = SK_STR_INIT;
	bool kept = true;

	sk_str_puts(&body, "{\"results\": [");
	for (int i = 0; i < l->count; i++) {
		bool here = trick != HONEST && choose(l, 2) == 0;
		const char *status;

		if (here && trick == PENDING) {
			add_verdict(&body, l->ids[i], "pending");
			count(l, "pending");
			continue;
		}
		if (here && trick == MISSING && choose(l, 2))
			continue; /* neither stored nor named */
		status = store(l, l->ids[i]);
		if (here && trick == MISSING)
			continue; /* stored and not named */
		add_verdict(&body, l->ids[i], status);
		if (here && trick == TWICE)
			add_verdict(&body, l->ids[i], "pending");
		else if (trick != LOST && trick != TORN)
			count(l, status);
		if (here && trick == UNKNOWN)
			add_verdict(&body, 900000 + i, "success");
	}
	sk_str_puts(&body, "]}");
	if (trick == KILL && choose(l, 2))
		kill(l->w->client, SIGKILL);
	if (trick == LOST)
		kept = false;
	else if (trick == TORN)
		kept = answer_half(l, body.ptr);
	else
		kept = answer(l, 200, "", body.ptr);
	if (trick == KILL)
		kill(l->w->client, SIGKILL); /* it may be applying the answer */
	sk_str_free(&body);
	return kept;
}

/* 400, by details or without a word; honest when nobody is guilty. */
static inline bool answer_400(struct liar *l, bool with_details)
{
	struct sk_str body = SK_STR_INIT;
	int guilty = 0;
	bool kept;

	sk_str_puts(&body, "{\"error\": \"bad batch\", \"details\": [");
	for (int i = 0; i < l->count; i++) {
		if (l->w->is_guilty[l->ids[i]]) {
			add_verdict(&body, l->ids[i], "rejected");
			guilty++;
		}
	}
	sk_str_puts(&body, "]}");
	if (guilty == 0) {
		sk_str_free(&body);
		return answer_results(l, HONEST);
	}
	if (with_details)
		l->w->said_rejected += guilty;
	else if (l->count == 1)
		l->w->said_rejected++;
	kept = answer(l, 400, "", with_details ? body.ptr : "{}");
	sk_str_free(&body);
	return kept;
}

/* Answers about the batch as a whole, which must change no event. */
static inline bool answer_whole(struct liar *l)
{
	static const struct {
		int status;
		const char *headers, *body;
	} ways[] = {
		{401, "", "{\"error\": \"Token expired or invalid\"}"},
		{403, "", "{\"error\": \"no\"}"},
		{408, "", "{}"},
		{413, "", "{\"error\": \"payload too large\"}"},
		{413, "", "<html>"},
		{429, "Retry-After: 1000000000\r\n", "{}"},
		{429, "Retry-After: nonsense\r\n", "{}"},
		{500, "", "<html>"},
		{503, "Retry-After: -5\r\n", "{}"},
		{302, "Location: http://127.0.0.1:1/\r\n", "{}"},
		{200, "", "<html>success"},
		{200, "", "{\"results\": [], \"status\": \"success\"}"},
		{200, "", "{\"results\": {\"status\": \"success\"}}"},
		{200, "", "success"},
		{200, "", "{}"},
		{200, "Content-Encoding: gzip\r\n", "{\"results\": []}"},
		{204, "", ""},
		{400, "", "<html>"},
	};
	size_t i = choose(l, SK_COUNTOF(ways));

	return answer(l, ways[i].status, ways[i].headers, ways[i].body);
}

static inline bool answer_batch(struct liar *l)
{
	read_batch(l);
	if (l->w->is_good)
		return answer_results(l, HONEST);
	switch (choose(l, 16)) {
	case 0:
		return answer_whole(l);
	case 1:
		l->w->token++; /* 401 until it is refreshed */
		return answer(l, 401, "", "{}");
	case 2:
		kill(l->w->client, SIGKILL);
		return false;
	case 3:
		return false; /* hang up without a word */
	case 4:
	case 5:
	case 6:
		return answer_400(l, true);
	case 7:
	case 8:
	case 9:
		return answer_400(l, false);
	case 10:
		if (l->count > 2)
			return answer(l, 413, "", "{}");
		return answer_results(l, HONEST);
	default:
		return answer_results(l, choose(l, TRICKS));
	}
}

static inline bool serve_one(struct liar *l)
{
	char token[64];

	if (!read_request(l))
		return false;
	if (strncmp(l->in.ptr, "PING", 4) == 0)
		return false;
	l->w->requests++;
	snprintf(token, sizeof(token), "Bearer access-%d\r\n", l->w->token);
	if (strncmp(l->in.ptr, "GET", 3) == 0) {
		if (l->w->is_good || choose(l, 3))
			return answer(l, 200, "", "{}");
		return choose(l, 2)
			       ? answer(l, 404, "", "<html>")
			       : answer(l, 200, "",
					"{\"sync_ingress\": {\"limits\":"
					" {\"max_events_per_batch\": 3}}}");
	}
	if (strstr(l->in.ptr, "/token/refresh/")) {
		struct sk_str body = SK_STR_INIT;
		bool kept;

		if (!l->w->is_good && choose(l, 6) == 0)
			return answer(l, choose(l, 2) ? 401 : 503, "", "{}");
		sk_str_addf(&body,
			    "{\"access\": \"access-%d\", \"refresh\": \"r\"}",
			    l->w->token);
		kept = answer(l, 200, "", body.ptr);
		sk_str_free(&body);
		return kept;
	}
	if (!strstr(l->in.ptr, token))
		return answer(l, 401, "", "{}");
	return answer_batch(l);
}

static inline void liar_main(struct world *w, int listener)
{
	struct liar l = {w, -1, SK_STR_INIT, SK_STR_INIT, SK_STR_INIT, {0}, 0};

	for (;;) {
		l.fd = accept(listener, NULL, NULL);
		if (l.fd < 0)
			continue;
		while (serve_one(&l))
			;
		close(l.fd);
	}
}

/* Returns the server's process id; it ends by being killed. */
static inline pid_t liar_start(struct world *w)
{
	struct sockaddr_in addr = {.sin_family = AF_INET};
	socklen_t len = sizeof(addr);
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	pid_t pid;

	addr.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (fd < 0 || bind(fd, (struct sockaddr *)&addr, sizeof(addr)) < 0 ||
	    listen(fd, 64) < 0 ||
	    getsockname(fd, (struct sockaddr *)&addr, &len) < 0)
		abort();
	w->port = ntohs(addr.sin_port);
	pid = fork();
	if (pid == 0)
		liar_main(w, fd);
	close(fd);
	return pid;
}

/*
 * Wait until the server is done with whatever a client that was killed has left
 * with it: it serves one connection after the other, so it hangs up on this one
 * behind those.
 */
static inline void liar_settle(const struct world *w)
{
	static const char ping[] = "PING / HTTP/1.1\r\n\r\n";
	struct sockaddr_in addr = {.sin_family = AF_INET};
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	char byte;

	addr.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	addr.sin_port = htons((uint16_t)w->port);
	if (fd < 0 || connect(fd, (struct sockaddr *)&addr, sizeof(addr)) < 0 ||
	    send(fd, ping, sizeof(ping) - 1, MSG_NOSIGNAL) < 0)
		abort();
	while (recv(fd, &byte, 1, 0) > 0)
		;
	close(fd);
}

#endif

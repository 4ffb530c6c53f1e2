/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <netdb.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/now.h"
#include "format/time.h"
#include "front/cli.h"
#include "server/command.h"
#include "server/httpd.h"
#include "server/password.h"

#define MAX_BATCH_EVENTS 1000u
#define MAX_BATCH_BYTES	 (64u << 20)
#define MAX_IDLE_S	 30u
#define STOP_WAIT_MS	 5000u
#define BACKLOG		 256

void sk_log(const char *fmt, ...)
{
	struct sk_str text = SK_STR_INIT, line = SK_STR_INIT;
	va_list args;

	va_start(args, fmt);
	sk_str_vaddf(&text, fmt, args);
	va_end(args);
	sk_time_add(&line, sk_now_ms() / 1000 * 1000000);
	sk_str_puts(&line, " sk-ingestd: ");
	sk_str_add_visible(&line, text.ptr, text.len, 2048);
	sk_str_putc(&line, '\n');
	fputs(line.ptr, stderr);
	sk_str_free(&line);
	sk_str_free(&text);
}

static int check_range(const char *name, unsigned value, unsigned min,
		       unsigned max, struct sk_err *err)
{
	if (value >= min && value <= max)
		return 0;
	return sk_fail(err, SK_EUSAGE, "option '--%s' wants %u to %u, not %u",
		       name, min, max, value);
}

static int check_opts(const struct sk_serve_opts *o, struct sk_err *err)
{
	const unsigned year_s = 366u * 24 * 60 * 60;

	if (check_range("port", o->port, 0, 65535, err) < 0 ||
	    check_range("max-events", o->max_events, 1, MAX_BATCH_EVENTS, err) <
		    0 ||
	    check_range("max-bytes", o->max_bytes, 1024, MAX_BATCH_BYTES, err) <
		    0 ||
	    check_range("access-lifetime", o->access_lifetime_s, 1, year_s,
			err) < 0 ||
	    check_range("refresh-lifetime", o->refresh_lifetime_s, 1, year_s,
			err) < 0)
		return -1;
	return check_range("timeout", o->timeout_s, 1, 3600, err);
}

static int open_socket(const struct addrinfo *at)
{
	const int on = 1;
	int fd, saved;

	fd = socket(at->ai_family,
		    at->ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK,
		    at->ai_protocol);
	if (fd < 0)
		return -1;
	/* a restart must not wait for connections that linger */
	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) == 0 &&
	    bind(fd, at->ai_addr, at->ai_addrlen) == 0 &&
	    listen(fd, BACKLOG) == 0)
		return fd;
	saved = errno;
	close(fd);
	errno = saved;
	return -1;
}

static int listen_on(const char *address, unsigned port, struct sk_err *err)
{
	const struct addrinfo hints = {.ai_socktype = SOCK_STREAM,
				       .ai_flags = AI_PASSIVE};
	struct addrinfo *found = NULL;
	char service[8];
	int fd, rc;

	snprintf(service, sizeof(service), "%u", port);
	rc = getaddrinfo(address, service, &hints, &found);
	if (rc)
		return sk_fail(err, SK_EFAIL, "cannot listen on '%.80s': %s",
			       address, gai_strerror(rc));
	fd = open_socket(found);
	if (fd < 0)
		sk_fail_errno(err, errno, "cannot listen on '%.80s' port %u",
			      address, port);
	freeaddrinfo(found);
	return fd;
}

/* The address that was bound, as a URL; *port is its port. */
static int describe(int fd, struct sk_str *url, struct sk_str *port,
		    struct sk_err *err)
{
	struct sockaddr_storage addr;
	socklen_t len = sizeof(addr);
	char host[NI_MAXHOST], service[NI_MAXSERV];

	if (getsockname(fd, (struct sockaddr *)&addr, &len) < 0)
		return sk_fail_errno(err, errno, "cannot tell the port");
	if (getnameinfo((struct sockaddr *)&addr, len, host, sizeof(host),
			service, sizeof(service),
			NI_NUMERICHOST | NI_NUMERICSERV) != 0)
		return sk_fail(err, SK_EFAIL, "cannot tell the port");
	sk_str_addf(url, strchr(host, ':') ? "http://[%s]:%s" : "http://%s:%s",
		    host, service);
	sk_str_addf(port, "%s\n", service);
	if (strncmp(host, "127.", 4) != 0 && strcmp(host, "::1") != 0)
		sk_log("%s is open to the network and not encrypted:"
		       " put a TLS proxy in front",
		       url->ptr);
	return 0;
}

/* Say where, to people and to programs. */
static int announce(const struct sk_serve_opts *opts, const char *db,
		    const struct sk_str *url, const struct sk_str *port,
		    struct sk_err *err)
{
	if (opts->port_file &&
	    sk_file_write(opts->port_file, port->ptr, port->len, 0644, err) < 0)
		return -1;
	if (printf("%s\n", url->ptr) < 0 || fflush(stdout) == EOF)
		return sk_fail_errno(err, errno,
				     "cannot write standard output");
	sk_log("listening on %s, database '%s'", url->ptr, db);
	return 0;
}

static void wait_for_signal(struct sk_server *server, const sigset_t *signals)
{
	const struct timespec second = {.tv_sec = 1};
	int number;

	do {
		number = sigtimedwait(signals, NULL, &second);
		sk_deadline_sweep(server->deadline);
	} while (number < 0);
	sk_log("stopping: %s", strsignal(number));
}

/* Blocked before any thread starts, so that only wait_for_signal() sees them.
 */
static void block_signals(sigset_t *signals)
{
	sigemptyset(signals);
	sigaddset(signals, SIGTERM);
	sigaddset(signals, SIGINT);
	sigaddset(signals, SIGHUP);
	pthread_sigmask(SIG_BLOCK, signals, NULL);
	/* a client, or a reader of our output, that went away; a file limit */
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
}

static int run(struct sk_server *server, const struct sk_serve_opts *opts,
	       const char *db, struct sk_err *err)
{
	struct sk_str url = SK_STR_INIT, port = SK_STR_INIT;
	struct sk_httpd *httpd = NULL;
	sigset_t signals;
	int fd, ret = -1;

	block_signals(&signals);
	fd = listen_on(opts->listen, opts->port, err);
	if (fd < 0)
		goto out;
	if (describe(fd, &url, &port, err) < 0) {
		close(fd);
		goto out;
	}
	if (sk_httpd_start(&httpd, server, fd,
			   opts->timeout_s < MAX_IDLE_S ? opts->timeout_s
							: MAX_IDLE_S,
			   err) < 0 ||
	    announce(opts, db, &url, &port, err) < 0)
		goto out;
	wait_for_signal(server, &signals);
	ret = 0;
out:
	sk_httpd_stop(httpd, STOP_WAIT_MS);
	if (ret == 0 && opts->port_file)
		unlink(opts->port_file);
	sk_str_free(&port);
	sk_str_free(&url);
	return ret;
}

int sk_serve(void *values, int argc, char **argv, struct sk_err *err)
{
	const struct sk_serve_opts *opts = values;
	struct sk_server server = {
		.max_events = opts->max_events,
		.max_bytes = opts->max_bytes,
		.access_lifetime_s = opts->access_lifetime_s,
		.refresh_lifetime_s = opts->refresh_lifetime_s,
	};
	struct sk_str path = SK_STR_INIT;
	int ret = -1;

	(void)argc, (void)argv;
	if (check_opts(opts, err) < 0)
		return -1;
	umask(077);
	/* one left by a run that was killed must not send people astray */
	if (opts->port_file)
		unlink(opts->port_file);
	server.throttle = sk_throttle_new();
	server.deadline = sk_deadline_new(opts->timeout_s * (int64_t)1000);
	if (opts->db)
		sk_str_set(&path, opts->db);
	else if (sk_store_default_path(&path, err) < 0)
		goto out;
	if (sk_store_open(&server.store, path.ptr, err) == 0 &&
	    sk_password_hash(&server.decoy, "", err) == 0)
		ret = run(&server, opts, path.ptr, err);
out:
	sk_store_close(server.store);
	if (ret == 0)
		sk_log("stopped");
	free(server.decoy);
	sk_deadline_free(server.deadline);
	sk_throttle_free(server.throttle);
	sk_str_free(&path);
	return ret;
}

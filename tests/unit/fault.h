/* SPDX-License-Identifier: MIT */
/*
 * A fault server for one C test: started with a script, gone at the end. The
 * program stands beside the tests' own folder in the build.
 */
#ifndef SK_TESTS_UNIT_FAULT_H
#define SK_TESTS_UNIT_FAULT_H

#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "base/now.h"

struct fault {
	char dir[32];
	char url[64];
	pid_t pid;
};

static inline void fault_path(char out[PATH_MAX], const struct fault *fault,
			      const char *name)
{
	snprintf(out, PATH_MAX, "%s/%s", fault->dir, name);
}

static inline void fault_exec(const struct fault *fault)
{
	char program[PATH_MAX], port[PATH_MAX], script[PATH_MAX];
	char log[PATH_MAX];
	ssize_t len = readlink("/proc/self/exe", program, PATH_MAX - 32);

	if (len < 0)
		abort();
	program[len] = '\0';
	*strrchr(program, '/') = '\0';
	*strrchr(program, '/') = '\0';
	strcat(program, "/fault-server");
	fault_path(port, fault, "port");
	fault_path(script, fault, "script");
	fault_path(log, fault, "log");
	execl(program, program, "--port-file", port, "--script", script,
	      "--log", log, (char *)NULL);
	_exit(127);
}

/* Start one that follows the script; aborts when that fails. */
static inline struct fault fault_start(const char *script)
{
	struct fault fault = {.dir = "/tmp/sk-fault.XXXXXX"};
	struct sk_str port = SK_STR_INIT;
	struct sk_err err = {0};
	char path[PATH_MAX];

	if (!mkdtemp(fault.dir))
		abort();
	fault_path(path, &fault, "script");
	if (sk_file_write(path, script, strlen(script), 0600, &err) < 0)
		abort();
	fault.pid = fork();
	if (fault.pid == 0)
		fault_exec(&fault);
	fault_path(path, &fault, "port");
	for (int i = 0; sk_file_read(&port, path, 64, &err) != 0; i++) {
		if (i == 500)
			abort();
		sk_sleep_ms(10);
	}
	sk_str_rtrim(&port);
	snprintf(fault.url, sizeof(fault.url), "http://127.0.0.1:%s", port.ptr);
	sk_str_free(&port);
	return fault;
}

/* How many lines of its log contain `text`. */
static inline int fault_count(const struct fault *fault, const char *text)
{
	struct sk_str log = SK_STR_INIT;
	struct sk_err err = {0};
	char path[PATH_MAX];
	int count = 0;

	fault_path(path, fault, "log");
	if (sk_file_read(&log, path, 1 << 24, &err) == 0) {
		for (char *at = log.ptr; (at = strstr(at, text)); at++) {
			count++;
			at += strcspn(at, "\n");
			if (!*at)
				break;
		}
	}
	sk_str_free(&log);
	return count;
}

/*
 * The same, but the last line may still be on its way: the server writes it
 * behind its answer.
 */
static inline bool fault_counted(const struct fault *fault, const char *text,
				 int want)
{
	int count = fault_count(fault, text);

	for (int i = 0; i < 200 && count < want; i++) {
		sk_sleep_ms(10);
		count = fault_count(fault, text);
	}
	return count == want;
}

static inline void fault_stop(struct fault *fault)
{
	static const char *const names[] = {"port", "script", "log"};
	char path[PATH_MAX];

	kill(fault->pid, SIGTERM);
	waitpid(fault->pid, NULL, 0);
	for (size_t i = 0; i < SK_COUNTOF(names); i++) {
		fault_path(path, fault, names[i]);
		unlink(path);
	}
	rmdir(fault->dir);
}

#endif

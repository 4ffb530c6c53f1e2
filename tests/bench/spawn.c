/* SPDX-License-Identifier: MIT */
/*
 * spawn <result file> <program> [<argument>...]: run the program and write
 * "<wall ns> <user and system us> <peak RSS KiB> <wait status>". A process of
 * its own, because a child's peak memory begins with that of its parent.
 */
#include <spawn.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

extern char **environ;

static long long now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000LL + ts.tv_nsec;
}

static long long micros(struct timeval tv)
{
	return tv.tv_sec * 1000000LL + tv.tv_usec;
}

int main(int argc, char **argv)
{
	struct rusage usage;
	long long start;
	int status;
	pid_t pid;
	FILE *out;

	if (argc < 3)
		return 129;
	start = now_ns();
	if (posix_spawnp(&pid, argv[2], NULL, NULL, argv + 2, environ) != 0 ||
	    wait4(pid, &status, 0, &usage) != pid)
		return 128;
	start = now_ns() - start;
	out = fopen(argv[1], "w");
	if (!out)
		return 128;
	fprintf(out, "%lld %lld %ld %d\n", start,
		micros(usage.ru_utime) + micros(usage.ru_stime),
		usage.ru_maxrss, status);
	return fclose(out) == 0 ? 0 : 128;
}

/* SPDX-License-Identifier: MIT */
#include "base/wait.h"

#include <errno.h>
#include <signal.h>
#include <sys/wait.h>

/*
 * Who ignores SIGCHLD has the kernel reap its children, and no exit status to
 * learn; and we may have inherited that from whoever started us.
 */
void sk_wait_prepare(void)
{
	struct sigaction act;

	if (sigaction(SIGCHLD, NULL, &act) == 0 &&
	    (act.sa_handler == SIG_IGN || (act.sa_flags & SA_NOCLDWAIT)))
		signal(SIGCHLD, SIG_DFL);
}

int sk_wait(pid_t pid, const char *name, struct sk_err *err)
{
	int status;

	while (waitpid(pid, &status, 0) < 0) {
		if (errno != EINTR)
			return sk_fail_errno(err, errno, "cannot wait for '%s'",
					     name);
	}
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* SPDX-License-Identifier: MIT */
#include "front/status.h"

#include <stdio.h>
#include <unistd.h>

#include "front/checkstatus.h"
#include "front/queuestatus.h"

int sk_status_run(void *values, int argc, char **argv, struct sk_err *err)
{
	const struct sk_status_opts *opts = values;
	struct sk_queue_status status = SK_QUEUE_STATUS_INIT;
	struct sk_str text = SK_STR_INIT;
	struct sk_output output = SK_OUTPUT(&text);
	int ret;

	(void)argc, (void)argv; /* takes none */
	if (opts->check && opts->json)
		return sk_check_status(true, err);
	ret = sk_queue_status_read(&status, err);
	if (ret == 0 && opts->json)
		ret = sk_queue_status_add(&output, &status, err);
	else if (ret == 0)
		ret = sk_queue_status_add_text(&text, &status,
					       isatty(STDOUT_FILENO), err);
	if (ret == 0)
		fputs(text.ptr, stdout);
	if (ret == 0 && opts->check)
		ret = sk_check_status(false, err);
	sk_str_free(&text);
	sk_queue_status_free(&status);
	return ret;
}

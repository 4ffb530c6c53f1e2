/* SPDX-License-Identifier: MIT */
#include "daemon/detach.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"

void sk_daemon_detach(void)
{
	static const char *const kept[] = {
		"HOME",
		"PATH",
		"LD_LIBRARY_PATH",
		"USER",
		"LANG",
		"LC_ALL",
		"TZ",
		"XDG_CONFIG_HOME",
		"GIT_SK_HOME",
		"GIT_SK_TRACE",
		"SPEC_KITTY_ENABLE_SAAS_SYNC",
		"GIT_CONFIG_GLOBAL",
		"GIT_CONFIG_NOSYSTEM",
		"GIT_SSL_CAINFO",
		"GIT_SSL_CAPATH",
		"SSL_CERT_FILE",
		"SSL_CERT_DIR",
		"http_proxy",
		"https_proxy",
		"HTTPS_PROXY",
		"all_proxy",
		"ALL_PROXY",
		"no_proxy",
		"NO_PROXY",
	};
	char *values[SK_COUNTOF(kept)];

	for (size_t i = 0; i < SK_COUNTOF(kept); i++)
		values[i] = sk_strdup(getenv(kept[i]));
	clearenv();
	for (size_t i = 0; i < SK_COUNTOF(kept); i++) {
		if (values[i] && setenv(kept[i], values[i], 1) < 0)
			abort();
		free(values[i]);
	}
	umask(077);
	if (chdir("/") < 0)
		abort();
}

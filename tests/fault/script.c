/* SPDX-License-Identifier: MIT */
#include "tests/fault/fault.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"

static const char *const prefixes[TARGET_COUNT] = {
	[TARGET_BATCH] = "batch:",
	[TARGET_TOKEN] = "token:",
	[TARGET_REFRESH] = "refresh:",
	[TARGET_HEALTH] = "health:",
};

static enum target target_of(const char **line)
{
	for (int i = 0; i < TARGET_COUNT; i++) {
		size_t len = strlen(prefixes[i]);

		if (strncmp(*line, prefixes[i], len) == 0) {
			*line += len + strspn(*line + len, " ");
			return (enum target)i;
		}
	}
	return TARGET_BATCH;
}

static void add_line(struct server *srv, struct sk_str pending[TARGET_COUNT],
		     const char *line)
{
	enum target target = target_of(&line);
	struct script *script = &srv->scripts[target];
	struct step step = {0};

	if (!*line || *line == '#')
		return;
	if (strncmp(line, "header ", 7) == 0) {
		sk_str_addf(&pending[target], "%s\r\n", line + 7);
		return;
	}
	step.text = sk_strdup(line);
	if (pending[target].len)
		step.headers = sk_str_take(&pending[target]);
	SK_GROW(script->steps, script->len, script->cap);
	script->steps[script->len++] = step;
}

int script_read(struct server *srv, struct sk_err *err)
{
	struct sk_str pending[TARGET_COUNT], text = SK_STR_INIT;
	char *at, *end;

	if (!srv->script_file)
		return 0;
	if (sk_file_read(&text, srv->script_file, 1 << 24, err) != 0) {
		sk_str_free(&text);
		return sk_fail(err, SK_EFAIL, "cannot read '%s'",
			       srv->script_file);
	}
	for (int i = 0; i < TARGET_COUNT; i++)
		pending[i] = (struct sk_str)SK_STR_INIT;
	for (at = text.ptr; at && *at; at = end) {
		end = strchr(at, '\n');
		if (end)
			*end++ = '\0';
		add_line(srv, pending, at);
	}
	for (int i = 0; i < TARGET_COUNT; i++)
		sk_str_free(&pending[i]);
	sk_str_free(&text);
	return 0;
}

const struct step *script_next(struct server *srv, enum target target)
{
	struct script *script = &srv->scripts[target];
	const struct step *step = NULL;

	pthread_mutex_lock(&srv->lock);
	if (script->len) {
		step = &script->steps[script->next];
		if (script->next + 1 < script->len)
			script->next++;
	}
	pthread_mutex_unlock(&srv->lock);
	return step;
}

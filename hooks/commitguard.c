/* SPDX-License-Identifier: MIT */
/*
 * What pre-commit runs on the branch of a lane: look at what is staged, and
 * warn of what is not this lane's, or with sk.guard=block refuse it. What we
 * cannot tell is no reason to refuse.
 */
#include <stdio.h>
#include <string.h>

#include "git/config.h"
#include "git/repo.h"
#include "guard/commitguard.h"
#include "guard/staged.h"

/* How many paths are named, and how much of each is. */
enum { NAMED_MAX = 3, PATH_MAX_SHOWN = 200 };

static void say(const char *label, const char *text)
{
	fprintf(stderr, "%s: pre-commit hook: %s\n", label, text);
}

/* 'a', 'b', 'c' and 4 more */
static void add_paths(struct sk_str *out, const struct sk_words *paths)
{
	for (size_t i = 0; i < paths->len && i < NAMED_MAX; i++) {
		const char *path = paths->items[i];

		sk_str_puts(out, i ? ", '" : "'");
		sk_str_add_visible(out, path, strlen(path), PATH_MAX_SHOWN);
		sk_str_putc(out, '\'');
	}
	if (paths->len > NAMED_MAX)
		sk_str_addf(out, " and %zu more", paths->len - NAMED_MAX);
}

/* A path that can be typed as it is shown. */
static bool can_type(const char *path)
{
	struct sk_str shown = SK_STR_INIT;
	bool can;

	sk_str_add_visible(&shown, path, strlen(path), PATH_MAX_SHOWN);
	can = strcmp(shown.ptr, path) == 0 && path[0] != ':';
	sk_str_free(&shown);
	return can;
}

/* All paths for a command line, or what stands for them. */
static void add_words(struct sk_str *out, const struct sk_guard_report *report)
{
	const struct sk_words *lists[] = {&report->specs, &report->astray};
	bool can = report->specs.len + report->astray.len <= NAMED_MAX;
	size_t len = out->len;

	for (size_t i = 0; i < SK_COUNTOF(lists); i++) {
		for (size_t k = 0; can && k < lists[i]->len; k++) {
			sk_str_putc(out, ' ');
			sk_str_add_quoted(out, lists[i]->items[k]);
			can = can_type(lists[i]->items[k]);
		}
	}
	if (!can) {
		sk_str_cut(out, len);
		sk_str_puts(out, " <path>...");
	}
}

static void say_what_to_do(const struct sk_guard_report *report, bool blocks)
{
	struct sk_str text = SK_STR_INIT;

	if (!blocks) {
		sk_str_puts(&text, "to take that out of the commit again: git"
				   " restore --staged --source=HEAD~1 --");
		add_words(&text, report);
		sk_str_puts(&text, " && git commit --amend; to hear no more of"
				   " it: git config sk.guard off");
	} else {
		if (sk_staged_is_kept()) {
			sk_str_puts(&text, "leave it out: git restore"
					   " --staged --");
			add_words(&text, report);
		} else {
			sk_str_puts(&text, "leave it out: git add your own"
					   " files, and git commit without -a"
					   " or paths");
		}
		sk_str_puts(&text, "; or be only warned: git config sk.guard"
				   " warn; or go past it once:"
				   " GIT_SK_SKIP=pre-commit git commit");
	}
	fprintf(stderr, "hint: %s\n", text.ptr);
	sk_str_free(&text);
}

/* Say what is wrong. Returns the status of the hook. */
static int tell(const struct sk_guard_report *report, bool blocks)
{
	const char *label = blocks ? "error" : "warning";
	const struct sk_active_wp *wp = &report->wp;
	struct sk_str text = SK_STR_INIT;

	if (report->specs.len) {
		add_paths(&text, &report->specs);
		sk_str_puts(&text, ": the files of a mission are not changed on"
				   " the branch of a lane");
		say(label, text.ptr);
		sk_str_clear(&text);
	}
	if (report->astray.len) {
		add_paths(&text, &report->astray);
		sk_str_addf(&text, ": not among the owned_files of %s", wp->id);
		say(label, text.ptr);
		sk_str_clear(&text);
	}
	if (wp->untold != SK_WP_TOLD) {
		sk_str_puts(&text, "whose files these are is not looked at: ");
		sk_str_add_visible(&text, wp->why.ptr, wp->why.len, 400);
		sk_str_addf(&text, " (%s)", sk_wp_untold_name(wp->untold));
		say("warning", text.ptr);
	}
	sk_str_free(&text);
	if (!report->specs.len && !report->astray.len)
		return 0;
	say_what_to_do(report, blocks);
	return blocks;
}

static int run(struct sk_err *err)
{
	struct sk_guard_report report = SK_GUARD_REPORT_INIT;
	struct sk_config config = SK_CONFIG_INIT;
	struct sk_repo *repo = NULL;
	enum sk_guard_mode mode;
	int ret = -1;

	if (sk_config_load(&config, err) < 0)
		return -1;
	if (!sk_config_clone(&config)) {
		ret = 0; /* not set up, or no more: nothing was agreed to */
		goto out;
	}
	if (sk_guard_parse(&mode, sk_config_get(&config, "sk.guard"), err) < 0)
		fprintf(stderr, "warning: pre-commit hook: %s; %s\n", err->msg,
			err->hint);
	ret = 0;
	if (mode == SK_GUARD_OFF)
		goto out;
	ret = sk_repo_open(&repo, err);
	if (ret == 0)
		ret = sk_guard_look(&report, repo, &config, err);
	if (ret == 0)
		ret = tell(&report, mode == SK_GUARD_BLOCK);
out:
	sk_guard_report_free(&report);
	sk_repo_close(repo);
	sk_config_free(&config);
	return ret;
}

int main(void)
{
	struct sk_err err = {0};
	int status = run(&err);

	if (status < 0) {
		struct sk_str text = SK_STR_INIT;

		sk_str_puts(&text, "what is staged is not looked at: ");
		sk_str_add_visible(&text, err.msg, strlen(err.msg), 600);
		say("warning", text.ptr);
		sk_str_free(&text);
	}
	return status == 1;
}

/* SPDX-License-Identifier: MIT */
#include "setup/check.h"

#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "setup/byhand.h"
#include "setup/wanted.h"

/* Whether the text of ours is what this git-sk would write. */
static bool is_current(const struct sk_place *place, const char *program)
{
	struct sk_steps steps = SK_STEPS_INIT;
	struct sk_err ignored = {0};
	bool current =
		sk_arrange_install(place, program, &steps, &ignored) == 0 &&
		steps.count == 0;

	sk_steps_free(&steps);
	return current;
}

/* A hook of ours that is run, but is not as it should be: what about it? */
static void add_fault(struct sk_str *out, const struct sk_setup *s, size_t i,
		      const struct sk_hook_look *ours)
{
	struct sk_str program = SK_STR_INIT;

	if (ours->is == SK_HOOK_OURS)
		sk_hook_text_program(&program, ours->text.ptr);
	if (ours->is == SK_HOOK_PROGRAM || ours->is_link)
		sk_str_puts(out, "of an earlier git-sk");
	else if (strcmp(program.ptr, s->programs[i].ptr) != 0)
		sk_str_puts(out, "of another git-sk");
	else if (!ours->is_executable)
		sk_str_puts(out, "git-sk's, but not executable");
	else
		sk_str_puts(out, "git-sk's, but not up to date");
	sk_str_free(&program);
}

/* By a file of ours, at its name or below a manager's hook. */
static bool check_file(struct sk_hook_check *hook, const struct sk_setup *s,
		       size_t i)
{
	const struct sk_place *place = &s->places[i];
	const struct sk_hook_look *ours = sk_place_ours(place);

	if (!ours)
		return false;
	hook->runs_kept = place->kept.is != SK_HOOK_ABSENT;
	if (!is_current(place, s->programs[i].ptr)) {
		add_fault(&hook->how, s, i, ours);
		hook->is_stale = true;
		return false;
	}
	sk_str_puts(&hook->how, "in place");
	if (ours == &place->legacy)
		sk_str_addf(&hook->how, ", run by %s", place->active.owner);
	return true;
}

/* By the configuration, when the git in use reads it so. */
static bool check_config(struct sk_hook_check *hook, const struct sk_setup *s,
			 size_t i)
{
	const struct sk_confighook *configured = &s->configured[i];
	struct sk_str command = SK_STR_INIT, global = SK_STR_INIT;
	bool is_ours;

	if (!sk_git_has_config_hooks(&s->git) || !configured->is_there)
		return false;
	sk_confighook_command(&command, s->programs[i].ptr, SK_SCOPE_LOCAL);
	sk_confighook_command(&global, s->programs[i].ptr, SK_SCOPE_GLOBAL);
	is_ours = strcmp(configured->command.ptr, command.ptr) == 0 ||
		  strcmp(configured->command.ptr, global.ptr) == 0;
	if (configured->is_off)
		sk_str_addf(&hook->note,
			    "hook.sk-%s.enabled or hook.%s.enabled is false",
			    hook->event->name, hook->event->name);
	else if (!is_ours)
		sk_str_addf(&hook->note,
			    "hook.sk-%s.command is of another git-sk",
			    hook->event->name);
	sk_str_free(&global);
	sk_str_free(&command);
	return is_ours && !configured->is_off;
}

/* Nothing of ours is run: who is, and where has ours gone? */
static void say_missing(struct sk_hook_check *hook,
			const struct sk_place *place)
{
	if (place->active.is == SK_HOOK_ABSENT)
		sk_str_puts(&hook->how, "missing");
	else
		sk_str_addf(&hook->how, "%s's", place->active.owner);
	if (place->stray_count)
		sk_str_addf(&hook->note,
			    "git-sk's is at '%s', where nothing runs it",
			    place->strays[0]);
}

static void check_event(struct sk_hook_check *hook, const struct sk_setup *s,
			size_t i)
{
	const struct sk_place *place = &s->places[i];
	bool by_file, by_config;
	struct sk_str line = SK_STR_INIT;

	*hook = (struct sk_hook_check){.event = &sk_hook_events[i],
				       .owner = place->active.owner,
				       .how = SK_STR_INIT,
				       .note = SK_STR_INIT};
	by_file = check_file(hook, s, i);
	by_config = check_config(hook, s, i);
	hook->by_config = by_config && !by_file;
	if (by_config) {
		if (hook->is_stale) {
			sk_str_addf(&hook->note, "the hook file is %s",
				    hook->how.ptr);
			sk_str_clear(&hook->how);
		}
		sk_str_puts(&hook->how,
			    by_file ? ", as a file and by configuration"
				    : "in place, by configuration");
	} else if (!hook->how.len && sk_byhand_find(&line, s, hook->event)) {
		sk_str_addf(&hook->how, "in place, by a line in '%s'",
			    line.ptr);
	} else if (!hook->how.len) {
		say_missing(hook, place);
	}
	hook->is_reached = by_file || by_config || line.len;
	hook->is_stale &= !hook->is_reached;
	sk_str_free(&line);
}

/* A git that knows no hooks by configuration, where there is nothing else. */
static void look_at_git(void *ctx, const char *path,
			const struct sk_git_version *version)
{
	struct sk_check *check = ctx;
	bool needs_it = false;

	/* one that can refuse is in the configuration alone, see setup.c */
	for (size_t i = 0; i < check->count; i++)
		needs_it |= check->hooks[i].by_config &&
			    !check->hooks[i].event->is_gate;
	if (check->note.len || !needs_it || sk_git_has_config_hooks(version))
		return;
	sk_str_addf(&check->note,
		    "git %u.%u at '%s' runs no hooks by configuration: what it"
		    " commits is captured later",
		    version->major, version->minor, path);
}

void sk_check_fill(struct sk_check *check, const struct sk_setup *s)
{
	*check = (struct sk_check){.is_set_up = sk_config_clone(&s->config),
				   .is_reached = true,
				   .note = SK_STR_INIT};
	for (size_t i = 0; i < SK_HOOK_EVENTS; i++) {
		struct sk_hook_check *hook = &check->hooks[check->count];

		if (!s->wants[i])
			continue;
		check_event(hook, s, i);
		check->is_reached &= hook->is_reached;
		check->count++;
	}
	if (sk_git_has_config_hooks(&s->git))
		sk_git_each_on_path(look_at_git, check);
}

void sk_check_free(struct sk_check *check)
{
	for (size_t i = 0; i < check->count; i++) {
		sk_str_free(&check->hooks[i].how);
		sk_str_free(&check->hooks[i].note);
	}
	sk_str_free(&check->note);
}

/* "post-commit is missing", of the first that is not reached. */
static bool add_missing(struct sk_str *out, const struct sk_check *check)
{
	const struct sk_hook_check *first = NULL;
	size_t count = 0;

	for (size_t i = 0; i < check->count; i++) {
		const struct sk_hook_check *hook = &check->hooks[i];

		if (!hook->is_reached && !count++)
			first = hook;
	}
	if (!first)
		return false;
	sk_str_addf(out, "hook %s is %s", first->event->name, first->how.ptr);
	if (count > 1)
		sk_str_addf(out, " (and %zu more)", count - 1);
	/* those that can refuse are the last of the list */
	if (!first->event->is_gate)
		sk_str_puts(out, ": commits here are not seen at once");
	else if (first->event->is_of_lanes)
		sk_str_puts(out, ": commits on lanes are not looked at");
	else
		sk_str_puts(out, ": merges and pushes are not looked at");
	return true;
}

/*
 * Mostly all is well, which takes few questions to see: the clone is set up,
 * and in the folder that git names stand those of our files that are wanted.
 * Returns 0 when there is
 * nothing to say, 1 when it takes a closer look.
 */
static int glance(const struct sk_config *config)
{
	struct sk_str programs[SK_HOOK_EVENTS] = {0};
	struct sk_folder folder = SK_FOLDER_INIT;
	struct sk_err ignored = {0};
	struct sk_repo *repo = NULL;
	int rc = 0;

	if (!sk_config_clone(config) || sk_repo_open(&repo, &ignored) < 0)
		goto out;
	rc = 1;
	if (sk_setup_find_programs(programs, &ignored) < 0 ||
	    sk_folder_find(&folder, sk_repo_common_dir(repo), config,
			   &ignored) < 0 ||
	    folder.is_refused)
		goto out;
	rc = 0;
	for (size_t i = 0; i < SK_HOOK_EVENTS && rc == 0; i++) {
		struct sk_place place;

		sk_place_look(&place, folder.path.ptr, &sk_hook_events[i]);
		if (sk_place_ours(&place))
			rc = !is_current(&place, programs[i].ptr);
		else
			rc = sk_event_is_wanted(place.event, false, repo);
		sk_place_free(&place);
	}
out:
	for (size_t i = 0; i < SK_HOOK_EVENTS; i++)
		sk_str_free(&programs[i]);
	sk_folder_free(&folder);
	sk_repo_close(repo);
	return rc;
}

bool sk_check_missing(struct sk_str *out, const struct sk_config *config)
{
	struct sk_check check;
	struct sk_setup setup;
	struct sk_config own = SK_CONFIG_INIT;
	struct sk_err ignored = {0};
	bool missing = false, is_fine;

	if (!config && sk_config_load(&own, &ignored) < 0)
		return false;
	is_fine = glance(config ? config : &own) == 0;
	sk_config_free(&own);
	if (is_fine)
		return false;
	if (sk_setup_open(&setup, &ignored) == 0) {
		sk_check_fill(&check, &setup);
		missing = add_missing(out, &check);
		if (missing)
			sk_str_addf(out, "; run '%s'",
				    sk_setup_command(&setup));
		sk_check_free(&check);
	}
	sk_setup_close(&setup);
	return missing;
}

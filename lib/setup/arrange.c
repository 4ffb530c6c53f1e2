/* SPDX-License-Identifier: MIT */
#include "setup/arrange.h"

#include <string.h>

#include "setup/text.h"

/* The plan as it grows: what stands where once the steps so far are done. */
struct draft {
	const struct sk_place *place;
	const struct sk_hook_look *active, *legacy, *kept; /* NULL: absent */
	enum sk_hook_kept kept_as;
	struct sk_steps *steps;
	struct sk_str from, to; /* scratch */
};

static const struct sk_hook_look *if_there(const struct sk_hook_look *look)
{
	return look->is == SK_HOOK_ABSENT ? NULL : look;
}

static void open_draft(struct draft *d, const struct sk_place *place,
		       struct sk_steps *steps)
{
	*d = (struct draft){.place = place,
			    .active = if_there(&place->active),
			    .legacy = if_there(&place->legacy),
			    .kept = if_there(&place->kept),
			    .kept_as = place->kept_as,
			    .steps = steps,
			    .from = SK_STR_INIT,
			    .to = SK_STR_INIT};
}

static void close_draft(struct draft *d)
{
	sk_str_free(&d->from);
	sk_str_free(&d->to);
}

static void drop_kept(struct draft *d)
{
	sk_place_kept_path(&d->from, d->place, d->kept_as);
	sk_steps_add(d->steps, SK_STEP_DELETE, d->from.ptr, NULL, NULL);
	d->kept = NULL;
	d->kept_as = SK_KEPT_NONE;
}

/* The kept hook goes to `path`, in the place of what is there. */
static void restore_kept(struct draft *d, const char *path)
{
	sk_place_kept_path(&d->from, d->place, d->kept_as);
	sk_steps_add(d->steps, SK_STEP_MOVE, d->from.ptr, path, NULL);
	d->kept = NULL;
	d->kept_as = SK_KEPT_NONE;
}

/* What stands there, if something does, has the kept hook's second name. */
static bool is_kept(const struct draft *d, const struct sk_hook_look *look)
{
	return look && sk_hook_look_is_same(look, d->kept);
}

/*
 * Nobody's loss: one of ours; or, below a hook that runs <event>.legacy, an
 * old one of that kind, which would run what stands above it.
 */
static bool is_nobodys(const struct draft *d)
{
	return sk_hook_look_is_ours(d->kept) ||
	       (d->active && sk_hook_look_runs_legacy(d->active) &&
		sk_hook_look_runs_legacy(d->kept));
}

/*
 * A hook that is kept though nothing of ours has its place: what took that
 * place would have been its end without us, too. A manager's file is worth
 * nothing then; and what a killed setup only began to keep is where it was.
 */
static bool is_worthless(const struct draft *d)
{
	return sk_hook_look_is_managed(d->kept) || is_kept(d, d->active) ||
	       is_kept(d, d->legacy);
}

/*
 * Ours at `path` goes. The kept hook takes its place when another has the one
 * that both had; what a killed setup left half-written never had any.
 */
static void leave(struct draft *d, const char *path)
{
	const char *suffix = strrchr(path, '.');

	if (d->kept && d->active && strncmp(suffix, ".sk-", 4) != 0)
		restore_kept(d, path);
	else
		sk_steps_add(d->steps, SK_STEP_DELETE, path, NULL, NULL);
}

/*
 * Nothing of ours is run. What another tool moved away gives its place to the
 * hook that it kept, or goes; ours at .legacy is one of these when the hook of
 * the tool that made it is gone.
 */
static void unwind(struct draft *d)
{
	const struct sk_place *place = d->place;

	if (d->kept && is_worthless(d))
		drop_kept(d);
	if (d->legacy && sk_hook_look_is_ours(d->legacy)) {
		sk_place_path(&d->to, place, ".legacy");
		leave(d, d->to.ptr);
		d->legacy = NULL;
	}
	for (size_t i = 0; i < place->stray_count; i++)
		leave(d, place->strays[i]);
}

/* What stands beside ours, which is where it belongs, is no use to anybody. */
static void drop_strays(struct draft *d, const struct sk_hook_look *ours)
{
	for (size_t i = 0; i < d->place->stray_count; i++)
		sk_steps_add(d->steps, SK_STEP_DELETE, d->place->strays[i],
			     NULL, NULL);
	if (!d->legacy || !sk_hook_look_is_ours(d->legacy) || d->legacy == ours)
		return;
	sk_place_path(&d->to, d->place, ".legacy");
	sk_steps_add(d->steps, SK_STEP_DELETE, d->to.ptr, NULL, NULL);
	d->legacy = NULL;
}

static enum sk_hook_kept how_to_keep(const struct sk_hook_look *look)
{
	return look->is_shell ? SK_KEPT_SOURCED : SK_KEPT_EXECUTED;
}

/* The hook `old` at <event><suffix> is kept; ours will be written over it. */
static void keep(struct draft *d, const struct sk_hook_look *old,
		 const char *suffix)
{
	d->kept = old;
	d->kept_as = how_to_keep(old);
	sk_place_path(&d->from, d->place, suffix);
	sk_place_kept_path(&d->to, d->place, d->kept_as);
	sk_steps_add(d->steps, SK_STEP_KEEP, d->from.ptr, d->to.ptr, NULL);
}

/* Write ours to <event><suffix> unless `now`, which is there, says the same. */
static void put(struct draft *d, const struct sk_hook_look *now,
		const char *suffix, const char *program)
{
	struct sk_str text = SK_STR_INIT;
	const struct sk_hook_text parts = {
		.event = d->place->event,
		.program = program,
		.kept = d->kept_as,
		.first_line = d->kept && d->kept_as == SK_KEPT_SOURCED
				      ? d->kept->first_line.ptr
				      : NULL,
		.kept_owner = d->kept ? d->kept->owner : NULL,
		.is_run =
			d->kept && sk_hook_text_asks_itself(d->kept->text.ptr)};

	sk_hook_text_add(&text, &parts);
	if (now && now->is == SK_HOOK_OURS)
		sk_str_puts(&text, sk_hook_text_rest(now->text.ptr));
	if (!now || now->is != SK_HOOK_OURS || now->is_link ||
	    !now->is_executable || strcmp(now->text.ptr, text.ptr) != 0) {
		sk_place_path(&d->to, d->place, suffix);
		sk_steps_add(d->steps, SK_STEP_WRITE, NULL, d->to.ptr,
			     text.ptr);
	}
	sk_str_free(&text);
}

/*
 * Ours at <event><suffix>, once what is kept the way that 0.1.0 kept everything
 * is where it belongs: there it has a second name until ours runs it.
 */
static void settle(struct draft *d, const struct sk_hook_look *now,
		   const char *suffix, const char *program)
{
	enum sk_hook_kept was = d->kept_as;
	bool is_astray = d->kept && was != how_to_keep(d->kept);

	if (is_astray) {
		sk_place_kept_path(&d->from, d->place, was);
		d->kept_as = how_to_keep(d->kept);
		sk_place_kept_path(&d->to, d->place, d->kept_as);
		sk_steps_add(d->steps, SK_STEP_KEEP, d->from.ptr, d->to.ptr,
			     NULL);
	}
	put(d, now, suffix, program);
	if (is_astray) {
		sk_place_kept_path(&d->from, d->place, was);
		sk_steps_add(d->steps, SK_STEP_DELETE, d->from.ptr, NULL, NULL);
	}
}

/* Under a manager that runs <event>.legacy first. */
static int install_below(struct draft *d, const char *program)
{
	const struct sk_hook_look *now = d->legacy;

	if (now && !sk_hook_look_is_ours(now)) {
		if (d->kept && is_worthless(d))
			drop_kept(d);
		if (d->kept)
			return -1;
		keep(d, now, ".legacy");
	}
	settle(d, now, ".legacy", program);
	drop_strays(d, now);
	return 0;
}

static int install_at(struct draft *d, const char *program)
{
	unwind(d);
	if (d->active && d->kept)
		return -1;
	if (d->active)
		keep(d, d->active, "");
	settle(d, d->active, "", program);
	return 0;
}

static int install(struct draft *d, const char *program)
{
	if (d->kept && is_nobodys(d))
		drop_kept(d);
	if (d->active && sk_hook_look_is_ours(d->active) && d->kept &&
	    sk_hook_look_runs_legacy(d->kept)) {
		/* 0.1.0 stood on top of it: now it can be below */
		const struct sk_hook_look *theirs = d->kept;

		sk_place_path(&d->to, d->place, "");
		restore_kept(d, d->to.ptr);
		d->active = theirs;
	}
	if (d->active && sk_hook_look_runs_legacy(d->active))
		return install_below(d, program);
	if (!d->active || !sk_hook_look_is_ours(d->active))
		return install_at(d, program);
	settle(d, d->active, "", program);
	drop_strays(d, d->active);
	return 0;
}

int sk_arrange_install(const struct sk_place *place, const char *program,
		       struct sk_steps *steps, struct sk_err *err)
{
	struct draft d;
	int rc;

	open_draft(&d, place, steps);
	rc = install(&d, program);
	if (rc < 0) {
		sk_place_path(&d.from, place,
			      sk_hook_look_runs_legacy(&place->active)
				      ? ".legacy"
				      : "");
		sk_place_kept_path(&d.to, place, d.kept_as);
		sk_fail(err, SK_EFAIL,
			"'%s' is not git-sk's any more, and '%s' is kept"
			" already",
			d.from.ptr, d.to.ptr);
		sk_hint(err, "remove the one that shall not run, then try"
			     " again");
	}
	close_draft(&d);
	return rc;
}

/* Ours goes from where it is run; lines that somebody added to it stay. */
static void take_out(struct draft *d, const struct sk_hook_look *ours,
		     const char *suffix)
{
	const char *rest = ours->is == SK_HOOK_OURS
				   ? sk_hook_text_rest(ours->text.ptr)
				   : "";
	struct sk_str text = SK_STR_INIT, note = SK_STR_INIT;

	sk_place_path(&d->to, d->place, suffix);
	if (d->kept && *rest) {
		sk_place_path(&d->from, d->place, ".sk-edited");
		sk_steps_add(d->steps, SK_STEP_WRITE, NULL, d->from.ptr, rest);
		sk_str_addf(&note,
			    "the lines that were added to '%s' are in '%s'",
			    d->to.ptr, d->from.ptr);
		sk_steps_add(d->steps, SK_STEP_NOTE, NULL, NULL, note.ptr);
	}
	if (d->kept) {
		restore_kept(d, d->to.ptr);
	} else if (*rest) {
		sk_str_addf(&text, "%s\n%s", ours->first_line.ptr, rest);
		sk_steps_add(d->steps, SK_STEP_WRITE, NULL, d->to.ptr,
			     text.ptr);
	} else {
		sk_steps_add(d->steps, SK_STEP_DELETE, d->to.ptr, NULL, NULL);
	}
	sk_str_free(&note);
	sk_str_free(&text);
}

/* Nothing of ours is run: its hook comes back, unless another is there. */
static void take_out_rest(struct draft *d)
{
	struct sk_str note = SK_STR_INIT;

	unwind(d);
	if (d->kept && !d->active) {
		sk_place_path(&d->to, d->place, "");
		restore_kept(d, d->to.ptr);
	} else if (d->kept) {
		sk_place_kept_path(&d->from, d->place, d->kept_as);
		sk_str_addf(&note,
			    "'%s' was kept, and another hook has its place:"
			    " remove it, or put it back",
			    d->from.ptr);
		sk_steps_add(d->steps, SK_STEP_NOTE, NULL, NULL, note.ptr);
	}
	sk_str_free(&note);
}

void sk_arrange_remove(const struct sk_place *place, bool has_lfs,
		       struct sk_steps *steps)
{
	const struct sk_hook_look *ours = sk_place_ours(place);
	struct draft d;

	open_draft(&d, place, steps);
	if (d.kept && (is_nobodys(&d) ||
		       (!has_lfs && strcmp(d.kept->owner, "git-lfs") == 0)))
		drop_kept(&d);
	if (!ours) {
		take_out_rest(&d);
	} else {
		drop_strays(&d, ours);
		take_out(&d, ours, ours == &place->active ? "" : ".legacy");
	}
	close_draft(&d);
}

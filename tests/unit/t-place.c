/* SPDX-License-Identifier: MIT */
/*
 * Every state that a hooks folder may be in, and what must be true of each:
 * ours is run, whoever's hook was run still is, once; nothing of a user's is
 * lost, at no step; and what was there without us comes back to the byte.
 */
#include "tests/unit/placebox.h"

/* In the place of libc's: thousands of files, none of which has to last. */
int fsync(int fd)
{
	return fcntl(fd, F_GETFD) < 0 ? -1 : 0;
}

/*
 * What git runs in the hooks folder. It depends on nothing but what is in the
 * folder, and many states and steps lead to the same: each is run once. Returns
 * the log; owned.
 */
static char *run_hook(void)
{
	static struct run {
		char *files, *log;
		struct run *next;
	} * runs[4096];
	char *files = listing();
	struct run **at_run, *run;
	uint32_t hash = 5381;

	for (const char *c = files; *c; c++)
		hash = hash * 33 + (unsigned char)*c;
	at_run = &runs[hash % SK_COUNTOF(runs)];
	for (run = *at_run; run && strcmp(run->files, files) != 0;)
		run = run->next;
	if (run) {
		free(files);
		return sk_strdup(run->log);
	}
	run = sk_calloc(1, sizeof(*run));
	*run = (struct run){files, run_git_hook(), *at_run};
	*at_run = run;
	return sk_strdup(run->log);
}

/* The lines of the log `before`, but ours: each must be in `now` once. */
static bool runs_the_same(const char *before, const char *now)
{
	char *lines = sk_strdup(before), *at_line = NULL;
	bool good = true;

	for (char *line = strtok_r(lines, "\n", &at_line); line;
	     line = strtok_r(NULL, "\n", &at_line))
		good &= strcmp(line, "ours") == 0 || count_of(now, line) == 1;
	free(lines);
	return good;
}

/* What one state is to be held to. */
struct claim {
	const struct state *state;
	char *before, *runs; /* listing, log; owned */
	char *installed, *removed;
	bool is_bad;
};

static void SK_PRINTF(3, 4)
	hold(struct claim *c, bool claim, const char *what, ...)
{
	const struct state *s = c->state;
	va_list args;

	if (claim)
		return;
	c->is_bad = true;
	printf("# %s, legacy %s, %s %s, %s %s: ", s->active, s->legacy,
	       s->kept_at, s->kept, s->stray_at, s->stray);
	va_start(args, what);
	vprintf(what, args);
	va_end(args);
	putchar('\n');
}

/* Each hook of a user's is there once. */
static void hold_users(struct claim *c, const char *now, const char *when)
{
	const struct state *s = c->state;
	const char *const names[] = {s->active, s->legacy, s->kept, s->stray};
	static const char *const tags[] = {"user-active", "user-legacy",
					   "user-kept", "user-stray"};

	for (size_t i = 0; i < SK_COUNTOF(names); i++) {
		if (content_named(names[i])->sort == USERS)
			hold(c, count_of(now, tags[i]) == 1, "%s: %s is lost",
			     when, tags[i]);
	}
}

static bool is_ours_in(const char *text)
{
	return strstr(text, "# git-sk hook") || strstr(text, "\177ELF") ||
	       strstr(text, "libexec/git-sk") || strstr(text, ".sk-aB3");
}

/* Whoever ran still runs, and nothing runs in a ring. */
static void hold_runs(struct claim *c, bool want_ours, const char *when)
{
	char *log = run_hook();

	if (!strstr(c->runs, "RECURSION"))
		hold(c, runs_the_same(c->runs, log), "%s: ran '%s', now '%s'",
		     when, c->runs, log);
	if (want_ours)
		hold(c, count_of(log, "ours") == 1 && !strstr(log, "RECURSION"),
		     "%s: runs '%s'", when, log);
	free(log);
}

/* Install from whatever is there; `steps` of it only when not all. */
static bool install(struct claim *c, size_t steps)
{
	struct sk_steps list = SK_STEPS_INIT;
	struct sk_err err;
	bool all;

	if (plan(&list, &err) < 0) {
		hold(c, false, "refused: %s", err.msg);
		sk_steps_free(&list);
		return true;
	}
	all = steps >= list.count;
	for (size_t i = 0; i < list.count && i < steps; i++)
		hold(c, do_step(&list, i), "install: step %zu", i);
	sk_steps_free(&list);
	return all;
}

static bool take_out(struct claim *c, size_t steps)
{
	struct sk_steps list = SK_STEPS_INIT;
	bool all;

	plan_removal(&list, true);
	all = steps >= list.count;
	for (size_t i = 0; i < list.count && i < steps; i++)
		hold(c, do_step(&list, i), "remove: step %zu", i);
	sk_steps_free(&list);
	return all;
}

static void hold_installed(struct claim *c)
{
	struct sk_steps again = SK_STEPS_INIT;
	struct sk_err err;

	hold(c, plan(&again, &err) == 0 && again.count == 0,
	     "a second install has something to do");
	sk_steps_free(&again);
	hold_users(c, c->installed, "installed");
	hold_runs(c, true, "installed");
}

static void hold_removed(struct claim *c)
{
	struct sk_steps again = SK_STEPS_INIT;

	plan_removal(&again, true);
	hold(c, count_steps(&again) == 0, "a second removal has work to do");
	sk_steps_free(&again);
	hold(c, !is_ours_in(c->removed), "removed: something of ours stays");
	hold_users(c, c->removed, "removed");
	hold_runs(c, false, "removed");
}

/* Cut off after each step, and done again from there: the same in the end. */
static void hold_cut_off(struct claim *c)
{
	bool all = false;
	char *now;

	for (size_t steps = 1; !all; steps++) {
		build(c->state);
		all = install(c, steps);
		if (all)
			break;
		hold_runs(c, false, "cut off while installing");
		install(c, SIZE_MAX);
		now = listing();
		hold(c, strcmp(now, c->installed) == 0,
		     "install, cut off after %zu: %s", steps, now);
		free(now);
	}
	all = false;
	for (size_t steps = 1; !all; steps++) {
		build(c->state);
		install(c, SIZE_MAX);
		all = take_out(c, steps);
		if (all)
			break;
		hold_runs(c, false, "cut off while removing");
		take_out(c, SIZE_MAX);
		now = listing();
		hold(c, strcmp(now, c->removed) == 0,
		     "remove, cut off after %zu: %s", steps, now);
		free(now);
	}
}

/* Whether there may be two hooks of users' for one place. */
static bool may_refuse(const struct state *s)
{
	enum sort active = content_named(s->active)->sort;

	return content_named(s->kept)->sort == USERS &&
	       (active == USERS || active == MANAGERS);
}

/* A removal from the state itself, as it is found. */
static void hold_removal_alone(struct claim *c)
{
	build(c->state);
	take_out(c, SIZE_MAX);
	free(c->removed);
	c->removed = listing();
	hold_removed(c);
}

static bool check(const struct state *s)
{
	struct sk_steps steps = SK_STEPS_INIT;
	struct claim c = {.state = s};
	struct sk_err err;
	int rc;

	build(s);
	c.before = listing();
	c.runs = run_hook();
	rc = plan(&steps, &err);
	sk_steps_free(&steps);
	if (rc < 0) {
		hold(&c, may_refuse(s), "refused: %s", err.msg);
	} else {
		install(&c, SIZE_MAX);
		c.installed = listing();
		hold_installed(&c);
		take_out(&c, SIZE_MAX);
		c.removed = listing();
		hold_removed(&c);
		if (!is_ours_in(c.before) && strcmp(s->kept, "absent") == 0)
			hold(&c, strcmp(c.removed, c.before) == 0,
			     "removed: not what was there: %s", c.removed);
		hold_cut_off(&c);
	}
	hold_removal_alone(&c);
	free(c.before);
	free(c.runs);
	free(c.installed);
	free(c.removed);
	return !c.is_bad;
}

static const struct {
	const char *at, *name;
} keeps[] =
	{
		{EVENT ".sk-orig", "absent"},
		{EVENT ".sk-orig", "shell"},
		{EVENT ".sk-orig", "pre-commit"},
		{EVENT ".sk-orig", "lefthook"},
		{EVENT ".sk-orig", "perl"},
		{"sk-orig/" EVENT, "perl"},
		{"sk-orig/" EVENT, "dangling"},
		{EVENT ".sk-orig", "relative"},
		{EVENT ".sk-orig", "copy"},
		{EVENT ".sk-orig", "ours"},
},
  strays[] = {
	  {EVENT ".old", "absent"},
	  {EVENT ".old", "ours"},
	  {EVENT ".sk-aB3xyZ", "ours"},
	  {EVENT ".old", "shell"},
};

/* Ours, as setup writes it today, never kept a program beside it. */
static bool can_be(const struct state *s)
{
	bool has_ours = strcmp(s->active, "ours") == 0 ||
			strcmp(s->legacy, "ours") == 0;

	return !has_ours || strcmp(s->kept, "perl") != 0 ||
	       strchr(s->kept_at, '/');
}

/* Handled as another of its kind, which is put into all surroundings. */
static bool is_like_another(const char *active)
{
	static const char *const names[] = {
		"bash",	 "plain", "asks",    "idle",   "absolute",     "gone",
		"husky", "prek",  "git-lfs", "simple", "program-gone",
	};

	for (size_t i = 0; i < SK_COUNTOF(names); i++) {
		if (strcmp(names[i], active) == 0)
			return true;
	}
	return false;
}

/* All that may be around one hook at <event>. */
static void test_around(const char *active)
{
	static const char *const legacies[] = {"absent",  "ours",     "shell",
					       "program", "lefthook", "perl"};
	struct state s = {.active = active};
	bool few = is_like_another(active);
	unsigned states = 0, good = 0;

	for (size_t l = 0; l < SK_COUNTOF(legacies); l++) {
		for (size_t k = 0; k < SK_COUNTOF(keeps); k++) {
			for (size_t o = 0; o < SK_COUNTOF(strays); o++) {
				if ((few && l + k + o > 2) ||
				    (l > 2 && k > 2) || (o && (l > 1 || k > 2)))
					continue;
				s.legacy = legacies[l];
				s.kept = keeps[k].name;
				s.kept_at = keeps[k].at;
				s.stray = strays[o].name;
				s.stray_at = strays[o].at;
				if (!can_be(&s))
					continue;
				states++;
				good += check(&s);
			}
		}
	}
	ok(good == states, "place: %s: %u of %u states", active, good, states);
}

int main(int argc, char **argv)
{
	if (getenv("BOX") && argc > 0 && strstr(argv[0], "/" EVENT))
		return be_program(argv);
	box_start();
	setenv("BOX", box.ptr, 1);
	unsetenv("GIT_SK_DEPTH");
	build_surroundings();
	for (size_t i = 0; i < SK_COUNTOF(contents); i++) {
		if (strcmp(contents[i].name, "begun") != 0)
			test_around(contents[i].name);
	}
	box_end();
	return done_testing();
}

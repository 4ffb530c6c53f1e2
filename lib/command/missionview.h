/* SPDX-License-Identifier: MIT */
/* How missions and their work packages are shown, to people and programs. */
#ifndef SK_COMMAND_MISSIONVIEW_H
#define SK_COMMAND_MISSIONVIEW_H

#include "format/json.h"
#include "git/config.h"
#include "workflow/missions.h"

/* How it is to look. */
struct sk_mission_look {
	bool has_colour;
	int columns;	  /* 0: as wide as it takes, for no terminal */
	const char *mark; /* of what was cut */
	int64_t now_us;
};

/* That of standard output, now. */
struct sk_mission_look sk_mission_look_here(const struct sk_config *config);

/* The same at another moment, when the terminal may have another width. */
struct sk_mission_look sk_mission_look_now(const struct sk_mission_look *look);

/* Append text in the colour of a lane. */
void sk_lane_add_coloured(struct sk_str *out,
			  const struct sk_mission_look *look, enum sk_lane lane,
			  const char *text);

/* Append where a mission stands: "main", "kitty/mission-x (coordination)",
 * "origin/main (not here yet)". */
void sk_mission_add_where(struct sk_str *out, const struct sk_mission *m);

/* Append "3 of 8 done, 62%"; nothing without work packages. */
void sk_mission_add_progress(struct sk_str *out, const struct sk_mission *m);

/* Append the line above the work packages, in one line of the terminal. */
void sk_mission_add_heading(struct sk_str *out,
			    const struct sk_mission_look *look,
			    const struct sk_mission *m);

/* Append one line for each work package. */
void sk_mission_add_packages(struct sk_str *out,
			     const struct sk_mission_look *look,
			     const struct sk_mission *m);

/* Who has a work package: nobody while it is planned. Borrowed. */
const char *sk_package_holder(const struct sk_package *package);

/* Append how long it has been in its lane, "3 h 12 min", or in few columns,
 * "3h"; nothing when nobody has moved it. */
void sk_package_add_age(struct sk_str *out, const struct sk_package *package,
			int64_t now_us, bool is_short);

/* The members of a mission, into an object that has been begun. */
void sk_mission_add_json(struct sk_jsonw *w, const struct sk_mission *m,
			 const struct sk_missions *all);
void sk_mission_add_packages_json(struct sk_jsonw *w,
				  const struct sk_mission *m, int64_t now_us);

/*
 * Warn of what could not be read: of branches, and of one mission, or of all of
 * them when `only` is NULL. The first that can be helped says how.
 */
void sk_missions_warn(const struct sk_missions *all,
		      const struct sk_mission *only);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * Colours on a terminal. Whether there are any is asked once for each stream,
 * and what is written then is made with sk_colour_add():
 *
 *	bool colour = sk_colour_for_answer();
 *
 *	sk_colour_add(&text, colour, SK_COLOUR_HEADING, "Queue");
 *
 * Colour never carries what the text does not say.
 */
#ifndef SK_FRONT_COLOUR_H
#define SK_FRONT_COLOUR_H

#include "base/str.h"

enum sk_colour {
	SK_COLOUR_HEADING, /* bold */
	SK_COLOUR_GOOD,	   /* green */
	SK_COLOUR_WARNING, /* yellow */
	SK_COLOUR_ERROR,   /* red, bold */
	SK_COLOUR_HINT,	   /* cyan */
};

/*
 * Whether a descriptor takes colours, without asking git: it is a terminal,
 * TERM is set and not "dumb", and NO_COLOR is empty. For errors and warnings.
 */
bool sk_colour_for(int fd);

/*
 * Whether to colour what stands on standard output, given the values of
 * `color.sk` and `color.ui` (NULL = unset; the first that is set counts):
 * always and never mean that, false is never, anything else is sk_colour_for().
 * NO_COLOR and a dumb terminal win over all of them. For who has the settings
 * at hand.
 */
bool sk_colour_from(const char *color_sk, const char *color_ui);

/*
 * The same for who has not. Runs one git process, but only when its answer
 * matters. Without git or a readable configuration it is sk_colour_for().
 */
bool sk_colour_for_answer(void);

/* Append `text`, in this colour when `on`. */
void sk_colour_add(struct sk_str *out, bool on, enum sk_colour colour,
		   const char *text);

#endif

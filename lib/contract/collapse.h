/* SPDX-License-Identifier: MIT */
/* The lanes of contract 1.0.0 on the wire: four, where the files have more. */
#ifndef SK_CONTRACT_COLLAPSE_H
#define SK_CONTRACT_COLLAPSE_H

#include "mission/lane.h"

/*
 * The name on the wire: planned, doing, for_review or done. NULL for
 * SK_LANE_NONE, which is sent as null. Two lanes that collapse into one are
 * sent all the same, so that counts match the log one to one.
 */
const char *sk_wire_lane(enum sk_lane lane);

#endif

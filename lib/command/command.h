/* SPDX-License-Identifier: MIT */
/*
 * Every command and subcommand, one file for each: its options, what it does,
 * and what it prints. The programs in bin/ are lists of these. Those without a
 * summary are started by our own programs, not by people.
 */
#ifndef SK_COMMAND_COMMAND_H
#define SK_COMMAND_COMMAND_H

#include "front/cli.h"
#include "front/clonenote.h"

/* git sk-setup */
extern const struct sk_cmd sk_cmd_setup;

/* git sk-auth */
extern const struct sk_cmd sk_cmd_auth_login;
extern const struct sk_cmd sk_cmd_auth_logout;
extern const struct sk_cmd sk_cmd_auth_status;
extern const struct sk_cmd sk_cmd_auth_whoami;

/* git sk-sync */
extern const struct sk_cmd sk_cmd_sync_now;
extern const struct sk_cmd sk_cmd_sync_status;
extern const struct sk_cmd sk_cmd_sync_retry;
extern const struct sk_cmd sk_cmd_sync_backfill;
extern const struct sk_cmd sk_cmd_sync_migrate;
extern const struct sk_cmd sk_cmd_sync_baseline;
extern const struct sk_cmd sk_cmd_sync_complete;
extern const struct sk_cmd sk_cmd_sync_flush;

/* git sk-eventlog */
extern const struct sk_cmd sk_cmd_eventlog_reduce;
extern const struct sk_cmd sk_cmd_eventlog_check;
extern const struct sk_cmd sk_cmd_eventlog_textconv;
extern const struct sk_cmd sk_cmd_eventlog_merge;

/* git sk-mission */
extern const struct sk_cmd sk_cmd_mission_create;
extern const struct sk_cmd sk_cmd_mission_setup_plan;
extern const struct sk_cmd sk_cmd_mission_finalize;
extern const struct sk_cmd sk_cmd_mission_list;
extern const struct sk_cmd sk_cmd_mission_show;
extern const struct sk_cmd sk_cmd_mission_template;
extern const struct sk_cmd sk_cmd_mission_migrate;

/* git sk-task */
extern const struct sk_cmd sk_cmd_task_list;
extern const struct sk_cmd sk_cmd_task_implement;
extern const struct sk_cmd sk_cmd_task_move;
extern const struct sk_cmd sk_cmd_task_review;
extern const struct sk_cmd sk_cmd_task_mark;

/* git sk-merge */
extern const struct sk_cmd sk_cmd_merge;

/* git sk-daemon */
extern const struct sk_cmd sk_cmd_daemon_start;
extern const struct sk_cmd sk_cmd_daemon_stop;
extern const struct sk_cmd sk_cmd_daemon_status;
extern const struct sk_cmd sk_cmd_daemon_run;
extern const struct sk_cmd sk_cmd_daemon_unit;

/* git sk-doctor */
extern const struct sk_cmd sk_cmd_doctor;
extern const struct sk_cmd sk_cmd_doctor_orphan_daemons;
extern const struct sk_cmd sk_cmd_doctor_restart_daemon;

#endif

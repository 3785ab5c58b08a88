/* The life of an item's versions: draft → checked → published → withdrawn. Nothing a draft says is seen by visitors;
 * what is published takes effect on its day and ends on its day by itself (job item.switch). Who edited a version
 * neither checks nor publishes it. Every act says who and why, in the journal and in the version's own history.
 *
 * In force is the published version that took effect last (on one day the one published last); when it has ended,
 * nothing is. Withdrawing it brings the one before it back. An import from tables makes versions that are published
 * at once, and only for items that it changes. */
#ifndef ITEM_VERSION_H
#define ITEM_VERSION_H

#include "events.h" /* generated */
#include "item_terms.h"

enum item_state {
    ITEM_NOT_THERE, /* before the first act */
    ITEM_DRAFT,
    ITEM_CHECKED,
    ITEM_PUBLISHED,
    ITEM_WITHDRAWN,
    ITEM_STATE_COUNT
};
enum item_act {
    ITEM_ACT_OPEN,
    ITEM_ACT_SAVE,
    ITEM_ACT_CHECK,
    ITEM_ACT_RETURN, /* a checked one goes back to its editor */
    ITEM_ACT_PUBLISH,
    ITEM_ACT_DISCARD, /* a draft nobody wants */
    ITEM_ACT_WITHDRAW,
    ITEM_ACT_COUNT
};
/* One allowed move: who may make it and what it needs. */
struct item_move {
    enum item_state from;
    enum item_act act;
    enum item_state to;
    enum right right;
    bool not_by_editor; /* nobody who opened or saved this version (MISSION.md: two people) */
    bool needs_why;
    enum event event;
};
extern const struct item_move item_moves[];
extern const int item_move_count;
/* NULL when the act is not allowed in that state. */
const struct item_move *item_move_of(enum item_state from, enum item_act act);
const char *item_state_word(enum item_state s); /* "draft" … as stored */
const char *item_act_word(enum item_act a);

/* Which version, and for acts on a draft the revision the actor has seen. */
struct item_key {
    int64_t item_id, version, revision;
};
struct item_version_info {
    int64_t item_id, version, base_version, revision, changed_at;
    enum item_state state;
    int32_t effective_on, ends_on; /* ends_on 0: open */
    int64_t edited_by, checked_by, published_by;
    struct str why;
    bool is_in_force;
};
struct item_version_infos {
    struct item_version_info *v;
    size_t n;
};
struct item_hand {
    struct str act, name, why;
    int64_t staff_id, at;
};
struct item_hands {
    struct item_hand *v;
    size_t n;
};

/* Newest first, at most 200. */
MUST_USE enum err item_versions(struct ctx *c, int64_t item_id, struct item_version_infos *ret);
MUST_USE enum err item_version_of(struct ctx *c, int64_t item_id, int64_t version,
                                  struct item_version_info *ret); /* E_NO_SUCH_VERSION */
/* Who did what with it and why, oldest first. */
MUST_USE enum err item_version_hands(struct ctx *c, int64_t item_id, int64_t version,
                                     struct item_hands *ret);
/* Drafts and checked ones of the whole centre, those that wait longest first, at most 200. */
MUST_USE enum err item_versions_at_work(struct ctx *c, enum item_state state,
                                        struct item_version_infos *ret);
/* The document of any version: what a case began under, what was in force last year. */
MUST_USE enum err item_version_doc(struct ctx *c, int64_t item_id, int64_t version,
                                   struct item_doc *ret);
/* The one in force now; E_NO_SUCH_ITEM when there is none. Inherited parts are filled in. */
MUST_USE enum err item_doc_in_force(struct ctx *c, int64_t item_id, struct item_doc *ret);

/* --- acts: each checks the right, the move, the revision, the two people ----------------------- */

/* A draft from the version in force. E_ITEM_DRAFT_OPEN when one is being worked on: its key is in *ret. */
MUST_USE enum err item_draft_open(struct ctx *c, int64_t item_id, struct str why,
                                  struct item_key *ret);
/* The first draft of an item that is not in the directory yet; faults as when saving. */
MUST_USE enum err item_draft_new(struct ctx *c, const struct item_doc *d, struct str why,
                                 struct item_key *ret, struct doc_faults *faults);
/* Saves; *ret_revision is the next one. E_ITEM_FAULTS with the first fault (all in *faults); what is missing does not
 * hinder saving. E_ITEM_CHANGED when somebody saved since: *ret_changes is what *the other* changed, and nothing is saved. */
MUST_USE enum err item_draft_save(struct ctx *c, struct item_key key, const struct item_doc *d,
                                  struct str why, int64_t *ret_revision, struct doc_faults *faults,
                                  struct doc_changes *ret_changes);
MUST_USE enum err item_draft_discard(struct ctx *c, struct item_key key, struct str why);
MUST_USE enum err item_check(struct ctx *c, struct item_key key, struct str why);
MUST_USE enum err item_return(struct ctx *c, struct item_key key, struct str why);
struct item_publishing {
    int32_t effective_on; /* 0: today */
    int32_t ends_on;      /* 0: open; the first day on which it is no longer in force */
    struct str why;
};
/* E_ITEM_FAULTS when the document breaks a rule (item_doc_check, the hard ones of item_rules.h) or says otherwise than the catalogue; E_ITEM_DATES for
 * an effective day before today or an end not after it; E_ITEM_BASE when the version in force is no longer the one the
 * draft was made from (item_draft_rebase after looking at the differences); E_ITEM_SCHEDULED when another version is
 * due on a later day (withdraw that one first). */
MUST_USE enum err item_publish(struct ctx *c, struct item_key key, const struct item_publishing *p,
                               struct doc_faults *faults);
MUST_USE enum err item_draft_rebase(struct ctx *c, struct item_key key, struct str why,
                                    int64_t *ret_revision);
/* A published version, in force or still to come, is taken back; the one before it is in force again. */
MUST_USE enum err item_withdraw(struct ctx *c, struct item_key key, struct str why);
/* The item itself ends on that day (0: today): it leaves the directory, its cases stay. E_ITEM_DATES. */
MUST_USE enum err item_end(struct ctx *c, int64_t item_id, int32_t on, struct str why);

/* Makes what is in force today be in force: after a publication, a withdrawal, and on the days that
 * versions begin and end (job item.switch, every minute, with the context's clock). */
MUST_USE enum err item_settle(struct ctx *c, int64_t item_id);

/* --- for importers ------------------------------------------------------------------------------- */

/* The items an import touches. Call item_changes_touch() before anything of an item is changed in the tables: it keeps
 * the document that was in force until now (a case may have begun under it) and makes the next version, published by
 * import; cheap when called again. New items get their first version at the end. */
struct item_changes {
    int64_t touched_id; /* the last one */
    int64_t count;
};
MUST_USE enum err item_changes_touch(struct ctx *c, struct item_changes *k, int64_t item_id);
/* The directory's version rises, and the journal says so, when anything was touched or made. */
MUST_USE enum err item_changes_end(struct ctx *c, struct item_changes *k);
/* A whole document from outside, as published by import: an item with its code gets its next version when the document
 * differs, else a new item is made. E_ITEM_FAULTS with all of them in *faults. */
MUST_USE enum err item_doc_import(struct ctx *c, struct item_changes *k,
                                  const struct item_terms *terms, const struct item_doc *d,
                                  struct doc_faults *faults);

#endif

/* Documents: the papers that the law wants in writing (ALL 32(2), 38; DOMAIN.md 3.6). The act that decides calls
 * document_issue() in its own transaction: what the paper must hold is checked and kept, the number given. The
 * PDF, its signature and its file follow from the press (document_press.c), which finds what is to be made in the
 * database, so nothing is forgotten when the program dies in between. Anybody can check a paper at /check. */
#ifndef DOCUMENT_H
#define DOCUMENT_H

#include "document_gen.h"
#include "signer.h"

enum document_kind {
    DOCUMENT_MATERIAL_RECEIPT,
    DOCUMENT_ACCEPTANCE,
    DOCUMENT_CORRECTION,
    DOCUMENT_REJECTION,
    DOCUMENT_EXTENSION,
    DOCUMENT_SPECIAL,
    DOCUMENT_GRANT,
    DOCUMENT_REFUSAL,
    DOCUMENT_HEARING_RIGHT,
    DOCUMENT_HEARING_NOTICE,
    DOCUMENT_DELIVERY,
    DOCUMENT_WITHDRAWAL,
    DOCUMENT_KIND_COUNT
};
/* What a paper may have to say; labels and names in document_kinds.c. */
enum document_part {
    PART_ITEM,
    PART_RECEIVED,
    PART_PAPERS,
    PART_STATEMENT,
    PART_GROUND,
    PART_FACTS,
    PART_REASON,
    PART_COMPETENT,
    PART_FAULTS,
    PART_HOW,
    PART_UNTIL,
    PART_DUE,
    PART_OLD_DUE,
    PART_NEW_DUE,
    PART_PROCEDURE,
    PART_DAYS,
    PART_FEE,
    PART_NOT_COUNTED,
    PART_APPROVER,
    PART_CONTENT,
    PART_CONDITIONS,
    PART_VALIDITY,
    PART_LICENCE,
    PART_PUBLICITY,
    PART_RIGHT,
    PART_PERIOD,
    PART_HEARING_AT,
    PART_PLACE,
    PART_HOST,
    PART_SERVED,
    PART_MODE,
    PART_DELIVERED,
    PART_SERVER,
    PART_DOCUMENTS,
    PART_SUBSTITUTE,
    PART_REMARKS,
    PART_HANDOVER,
    PART_SIGNATURE,
    PART_BASIS,
    PART_REMEDY,
    PART_CLERK,
    PART_PHONE,
    PART_SUPERVISION,
    PART_COPIES,
    DOCUMENT_PART_COUNT
};

/* Word ("acceptance"), title (受理通知书), and the kind of a word or title; false when there is none. */
const char *document_word(enum document_kind kind);
const char *document_title(enum document_kind kind);
bool document_kind_titled(const char *title, enum document_kind *ret);
bool document_kind_named(struct str word, enum document_kind *ret);
/* Must a paper of this kind hold that part? PART_COMPETENT only where the ground is outside authority: the caller's. */
bool document_needs(enum document_kind kind, enum document_part part);

/* Stands in a part for the name of whom the paper is addressed to, which only the press reads. */
#define DOCUMENT_HOLDER "{申请人}"

struct document_wish {
    enum document_kind kind;
    struct str organ, organ_code; /* in whose name; its USCC when known */
    int64_t subject, thread;      /* the case, the visit */
    int64_t party_id;             /* whom it is addressed to */
    struct str holder;            /* the same, masked */
    struct str licence_type;      /* 21 characters: the grant gets an electronic licence number */
    struct str parts[DOCUMENT_PART_COUNT]; /* STR_NONE: not said */
};
struct document_issued {
    int64_t id;
    struct str number, token;
};
/* Writes the paper down, in the caller's transaction. E_DOCUMENT_LACKS names what it must hold and does not
 * (the organ and the addressee too). The number is organ〔year〕n号, n from 1 without gaps. */
MUST_USE enum err document_issue(struct ctx *c, const struct document_wish *w,
                                 struct document_issued *ret);
/* Ends what a paper of this kind of this subject says: its check page says withdrawn. */
MUST_USE enum err document_withdraw(struct ctx *c, int64_t subject, enum document_kind kind);

/* 1.2.156.3005.2.TYPE.ISSUER.SERIAL.VERSION.CHECK (GB/T 36904-2018; DOMAIN.md 11.5); STR_NONE when a part is empty
 * or has other characters than 0-9 and A-Z. */
struct str document_licence_number(struct arena *a, struct str type, struct str issuer,
                                   struct str serial, int version);
/* Is it of that form, and its check character right? */
bool document_licence_ok(struct str number);

MUST_USE enum err document_lines(struct ctx *c, int64_t subject, struct document_list *ret);
/* The PDF of one of this subject's papers, and what to call it; E_NO_SUCH_DOCUMENT, E_DOCUMENT_WAITING. Reads the disk. */
MUST_USE enum err document_file(struct ctx *c, int64_t subject, int64_t id, struct str *ret_bytes,
                                struct str *ret_name);
/* How many are to be made, at most 100,000. */
MUST_USE enum err document_backlog(struct ctx *c, int64_t *ret);

/* A certificate that the centre signs with from now on; the key is kept sealed. E_SIGNER_WRONG. */
MUST_USE enum err document_signer_set(struct ctx *c, struct str certificate, struct str key,
                                      bool is_demonstration);

/* One round of the press: makes up to 16 of the papers with id % parts == part. For the press's threads
 * and tests; outside a lane. */
MUST_USE enum err document_press_round(struct ctx *c, int parts, int part, int *ret_made);

#endif

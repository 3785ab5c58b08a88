/* Cutting texts into terms. Most Chinese words are two characters, and a segmenter cuts the same word
 * differently in different sentences (残疾人 stays whole, 残疾人证 is cut 残疾|人证), so pairs are taken at
 * every place and nothing is guessed. */
#include "item_index.h"
#include <string.h>

#define WORD_MAX 64

static bool is_han(uint32_t ch)
{
    return (ch >= 0x4E00 && ch <= 0x9FFF) || (ch >= 0x3400 && ch <= 0x4DBF) ||
           (ch >= 0x20000 && ch <= 0x2FA1F);
}

/* The half-width lower-case letter or digit, or 0. */
static char plain_letter(uint32_t ch)
{
    if (ch >= 0xFF01 && ch <= 0xFF5E)
        ch -= 0xFEE0;
    if (ch >= 'A' && ch <= 'Z')
        return (char)(ch + 32);
    return (ch >= 'a' && ch <= 'z') || (ch >= '0' && ch <= '9') ? (char)ch : 0;
}

struct cutting {
    token_found *found;
    void *arg;
    char word[WORD_MAX];
    size_t word_n;
    struct str last_han; /* the character before, when it was one */
};

/* An English plural is the same word. */
static void end_word(struct cutting *k)
{
    if (k->word_n > 3 && k->word[k->word_n - 1] == 's' && k->word[k->word_n - 2] != 's')
        k->word_n--;
    if (k->word_n > 0)
        k->found(k->arg, (struct str){k->word, k->word_n}, false);
    k->word_n = 0;
}

static void add_han(struct cutting *k, struct str ch)
{
    k->found(k->arg, ch, true);
    if (k->last_han.p != NULL && k->last_han.p + k->last_han.n == ch.p)
        k->found(k->arg, (struct str){k->last_han.p, k->last_han.n + ch.n}, false);
    k->last_han = ch;
}

void tokens_of(struct str text, token_found *found, void *arg)
{
    struct cutting k = {.found = found, .arg = arg};
    for (size_t at = 0; at < text.n;) {
        size_t start = at;
        uint32_t ch = str_next_char(text, &at);
        if (ch == 0)
            break;
        char letter = plain_letter(ch);
        if (letter != 0 && k.word_n < WORD_MAX)
            k.word[k.word_n++] = letter;
        else if (letter == 0)
            end_word(&k);
        if (is_han(ch))
            add_han(&k, (struct str){text.p + start, at - start});
        else
            k.last_han = STR_NONE;
    }
    end_word(&k);
}

#!/bin/sh
# Checks the signature of a document that OneWindow made, with nothing but openssl and the tools of every Debian:
#
#     sh verify-document.sh DOCUMENT.pdf [TRUSTED-CERTIFICATE.pem]
#
# It cuts the file as /ByteRange says, takes the CMS signature (DER, as hex) out of /Contents, and has openssl judge.
# RSA and ECDSA: openssl cms -verify. SM2 with SM3: openssl 3.0's `cms` knows only an empty signer id, so the
# digest in the signed attributes is compared here and the signature over them is verified by `openssl dgst -sm3`
# with the standard id of GM/T 0009. Without a trusted certificate the one in the document is taken at its word:
# then the answer is only that nothing was changed since it was signed by whoever has that key.
set -eu
pdf=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
range=$(grep -a -o '/ByteRange \[[0-9 ]*\]' "$pdf" | tail -n 1 | tr -d '[]' | cut -d' ' -f2-) || { echo "there is no signature in it"; exit 1; }
set -- $range "${2:-}"
from1=$1 n1=$2 from2=$3 n2=$4 trusted=${5:-}
n1=$(expr "$n1" + 0) from2=$(expr "$from2" + 0) n2=$(expr "$n2" + 0)
[ "$(expr "$from1" + 0)" = 0 ] && [ $((from2 + n2)) = "$(wc -c <"$pdf")" ] || { echo "the signature does not cover the whole file"; exit 1; }
{ head -c "$n1" "$pdf"; tail -c "$n2" "$pdf"; } >"$work/content"
# Hex to bytes; openssl reads DER and stops where it ends, so the zeros behind it do no harm.
tail -c +$((n1 + 2)) "$pdf" | head -c $((from2 - n1 - 2)) | sed 's/00*$//' >"$work/hex"
[ $(($(wc -c <"$work/hex") % 2)) = 0 ] || printf 0 >>"$work/hex"
while [ "$(openssl asn1parse -inform DER -in "$work/cms" >/dev/null 2>&1 && echo yes)" != yes ]; do
    perl -e 'local $/; my $h = <STDIN>; print pack("H*", $h)' <"$work/hex" >"$work/cms"
    openssl asn1parse -inform DER -in "$work/cms" >/dev/null 2>&1 && break
    printf 00 >>"$work/hex"
    [ "$(wc -c <"$work/hex")" -lt 20000 ] || { echo "the signature cannot be read"; exit 1; }
done
openssl cms -cmsout -inform DER -in "$work/cms" -print >"$work/print" 2>/dev/null
openssl pkcs7 -inform DER -in "$work/cms" -print_certs >"$work/cert.pem" 2>/dev/null
[ -n "$trusted" ] || trusted=$work/cert.pem
if ! grep -q 'SM2-with-SM3' "$work/print"; then
    openssl cms -verify -inform DER -in "$work/cms" -content "$work/content" -binary -CAfile "$trusted" -purpose any -no_check_time -out /dev/null
    exit
fi
# SM2. The signed attributes are the [0] of the signer; as a SET (31) they are what was signed.
openssl asn1parse -inform DER -in "$work/cms" -i >"$work/tree"
attrs=$(grep -n 'cont \[ 0 \]' "$work/tree" | tail -n 1)
at=$(echo "$attrs" | sed 's/^[0-9]*: *\([0-9]*\):.*/\1/')
head=$(echo "$attrs" | sed 's/.*hl= *\([0-9]*\).*/\1/')
length=$(echo "$attrs" | sed 's/.* l= *\([0-9]*\).*/\1/')
{ printf '\061'; tail -c +$((at + 2)) "$work/cms" | head -c $((head + length - 1)); } >"$work/attributes"
told=$(openssl asn1parse -inform DER -in "$work/attributes" | grep -A 2 messageDigest | sed -n 's/.*HEX DUMP\]:\(.*\)/\1/p' | tr A-F a-f)
is=$(openssl dgst -sm3 -r "$work/content" | cut -d' ' -f1)
[ "$told" = "$is" ] || { echo "the document was changed: its digest is not the one that was signed"; exit 1; }
openssl asn1parse -inform DER -in "$work/cms" -strparse "$(tail -n 1 "$work/tree" | sed 's/^ *\([0-9]*\):.*/\1/')" -noout -out "$work/signature" 2>/dev/null
openssl x509 -in "$trusted" -noout -pubkey >"$work/public.pem"
openssl dgst -sm3 -verify "$work/public.pem" -sigopt distid:1234567812345678 -signature "$work/signature" "$work/attributes"

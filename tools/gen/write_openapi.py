"""Writes openapi.c: the OpenAPI 3.1 description of every route, made of the same lines the program runs on."""

import json
import re

from cwrite import c_string, head, outside, size
from write_module import TEXT_MAX

MEMBER = {
    "id": {"type": ["string", "null"], "pattern": "^[0-9]+$"},
    "text": {"type": ["string", "null"]},
    "int": {"type": "integer", "format": "int64"},
    "flag": {"type": "boolean"},
    "date": {"type": ["string", "null"], "format": "date"},
    "instant": {"type": ["string", "null"], "format": "date-time"},
    "json": {},
}
FIELD = {
    "id": {"type": "string", "pattern": "^[0-9]+$"},
    "int": {"type": "integer", "format": "int64"},
    "flag": {"type": "boolean"},
    "date": {"type": "string", "format": "date"},
    "instant": {"type": "string", "format": "date-time"},
    "json": {},
    "password": {"type": "string", "format": "password"},
    "file": {"type": "string", "contentMediaType": "application/octet-stream"},
}


def ref(kind, name):
    return {"$ref": f"#/components/{kind}/{name}"}


def member_schema(m):
    if m.shape == "plain":
        s = dict(MEMBER[m.type])
    elif m.shape == "texts":
        s = {"type": "array", "items": {"type": "string"}}
    elif m.shape == "list":
        s = {"type": "array", "items": ref("schemas", m.type)}
    elif m.shape == "optional":
        s = {"oneOf": [ref("schemas", m.type), {"type": "null"}]}
    else:
        s = ref("schemas", m.type)
    if m.about:
        s["description"] = m.about
    return s


def view_schema(v):
    shown = [m for m in v.members if not m.hidden]
    return {
        "type": "object",
        "required": [outside(m.name) for m in shown],
        "properties": {outside(m.name): member_schema(m) for m in shown},
    }


def field_schema(x):
    s = dict(FIELD.get(x.type, {"type": "string"}))
    if x.type == "choice":
        s["enum"] = list(x.words)
    elif x.type == "texts":
        item = (
            {"type": "string", "enum": list(x.words)}
            if x.words
            else {"type": "string", "maxLength": x.max or TEXT_MAX["texts"]}
        )
        s = {"type": "array", "items": item}
    elif x.type in TEXT_MAX and x.type != "json":
        s["maxLength"] = x.max or TEXT_MAX[x.type]
        if x.min:
            s["minLength"] = x.min
    elif x.type == "int":
        if x.min is not None:
            s["minimum"] = x.min
        if x.max is not None:
            s["maximum"] = x.max
    if x.default is not None:
        s["default"] = bool(x.default) if x.type == "flag" else x.default
    if x.label:
        s["description"] = x.label
    return s


def read_fields(p, r):
    form = p.find("forms", r.form) if r.form else None
    return [x for x in form.fields if not x.computed] if form else []


def in_body(r):
    return r.method in ("POST", "PUT")


def body_schema(form):
    fields = [x for x in form.fields if not x.computed and not x.path]
    s = {"type": "object", "properties": {outside(x.name): field_schema(x) for x in fields}}
    required = [outside(x.name) for x in fields if x.required]
    if required:
        s["required"] = required
    return s


def parameters(p, r):
    out = []
    for x in read_fields(p, r):
        if not x.path and in_body(r):
            continue
        one = {
            "name": outside(x.name),
            "in": "path" if x.path else "query",
            "required": x.path or x.required,
            "schema": field_schema(x),
        }
        if x.type == "texts":
            one.update(style="form", explode=False)
        out.append(one)
    if r.method != "GET":
        out.append(
            {
                "name": "Idempotency-Key",
                "in": "header",
                "required": False,
                "schema": {"type": "string", "maxLength": 100},
                "description": "同一个值只办一次,重发得到第一次的回答",
            }
        )
    return out


def operation(p, r, used):
    ok = {"description": "办好了" if r.method != "GET" else "内容"}
    if r.view:
        ok["content"] = {"application/json": {"schema": ref("schemas", r.view)}}
    # A handler may serve several paths; an operation's id may not.
    n = used[r.name] = used.get(r.name, 0) + 1
    o = {
        "operationId": r.name if n == 1 else f"{r.name}_{n}",
        "tags": [r.folder.name],
        "summary": r.about or r.name,
        "x-right": r.right,
        "responses": {"201" if r.created else "200": ok, "default": ref("responses", "error")},
    }
    if parameters(p, r):
        o["parameters"] = parameters(p, r)
    if in_body(r) and any(not x.path for x in read_fields(p, r)):
        schema = {"schema": ref("schemas", f"{r.form}_form")}
        files = [x for x in read_fields(p, r) if x.type == "file"]
        kinds = [] if any(x.required for x in files) else ["application/json", "application/x-www-form-urlencoded"]
        o["requestBody"] = {
            "required": any(x.required for x in read_fields(p, r) if not x.path),
            "content": {kind: schema for kind in kinds + (["multipart/form-data"] if files else [])},
        }
    right = p.find("rights", r.right)
    o["security"] = [] if r.right == "public" or (right and "*" in right.roles) else [{"bearer": []}, {"cookie": []}]
    return o


def error_schema(p):
    codes = {
        "type": "string",
        "enum": [e.name for e in p.every("errors")],
        "description": "; ".join(f"{e.name} {e.status} {e.sentence}" for e in p.every("errors")),
    }
    text = {"type": ["string", "null"]}
    inner = {
        "type": "object",
        "required": ["code", "message"],
        "properties": {"code": codes, "message": {"type": "string"}, "hint": text, "field": text, "reference": text},
    }
    return {"type": "object", "required": ["error"], "properties": {"error": inner}}


def description(p):
    paths, used = {}, {}
    for r in p.every("routes"):
        paths.setdefault(r.pattern, {})[r.method.lower()] = operation(p, r, used)
    schemas = {v.name: view_schema(v) for v in p.every("views")}
    schemas.update({f"{f.name}_form": body_schema(f) for f in p.every("forms")})
    schemas["error"] = error_schema(p)
    tags = [{"name": f.name} for f in p.folders if f.routes]
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "一窗 OneWindow",
            "version": "1",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
            "description": "每个地址在 /api/v1 下总是回答 JSON;不带 /api/v1 时按 Accept 回答页面或 JSON。",
        },
        "servers": [{"url": "/api/v1"}],
        "tags": tags,
        "paths": paths,
        "components": {
            "schemas": schemas,
            "responses": {
                "error": {
                    "description": "没有办成:code 是原因,message 和 hint 给人看",
                    "content": {"application/json": {"schema": ref("schemas", "error")}},
                }
            },
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer", "description": "POST /login 给的 token"},
                "cookie": {"type": "apiKey", "in": "cookie", "name": cookie_name(p)},
            },
        },
    }


def cookie_name(p):
    """The session cookie's name, as the web layer's source defines it; `session` when it is not there yet."""
    web = p.folder("web")
    for name in web.files(".h", ".c") if web else ():
        with open(f"{web.path}/{name}", encoding="utf-8", errors="replace") as f:
            m = re.search(r'#define\s+SESSION_COOKIE\s+"([^"]+)"', f.read())
        if m:
            return m.group(1)
    return "session"


def write_openapi(p):
    text = json.dumps(description(p), ensure_ascii=False, separators=(",", ":"))
    pieces = "\n".join("    " + c_string(text[i : i + 100]) for i in range(0, len(text), 100))
    c = (
        head("the OpenAPI description.")
        + "#include <stddef.h>\n\nextern const char openapi_json[];\nextern const size_t openapi_json_size;\n\n"
    )
    return {
        "openapi.c": c + f"const char openapi_json[] =\n{pieces};\nconst size_t openapi_json_size = {size(text)};\n"
    }

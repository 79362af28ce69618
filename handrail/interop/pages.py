"""The API's document and a page that explains it, drawn by us: no script and nothing from anybody else's server."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from handrail.gate import open_to
from handrail.interop.document import ERRORS, document, scopes_in_words

MAX_AGE = 300  # seconds


@open_to("anyone")
@require_safe
def openapi(request: HttpRequest) -> HttpResponse:
    response = JsonResponse(document(), json_dumps_params={"indent": 1})
    response["Cache-Control"] = f"public, max-age={MAX_AGE}"
    return response


@open_to("anyone")
@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    context = {
        "about": document()["info"],
        "groups": _groups(),
        "scopes": scopes_in_words(),
        "errors": [{"code": error.code, "status": error.status, "message": error.message} for error in ERRORS],
    }
    return render(request, "interop/docs.html", context)


def _groups() -> list[tuple[str, list[dict[str, Any]]]]:
    """[(tag, operations)] in the order of the document."""
    found: dict[str, list[dict[str, Any]]] = {}
    for path, operations in document()["paths"].items():
        for method, operation in operations.items():
            found.setdefault(operation["tags"][0], []).append(_shown(path, method, operation))
    return list(found.items())


def _shown(path: str, method: str, operation: dict[str, Any]) -> dict[str, Any]:
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    good: dict[str, Any] = next(
        (response for status, response in operation["responses"].items() if int(status) < 300), {}
    )
    content: dict[str, Any] = next(iter(good.get("content", {}).values()), {})
    answer = content.get("schema", {})
    return {
        "id": operation["operationId"],
        "method": method.upper(),
        "path": path,
        "summary": operation["summary"],
        "description": _with_code(operation.get("description", "")),
        "scope": operation["x-scope"],
        "parameters": [
            {"name": each["name"], "where": each["in"], "required": each["required"], **_kind(each["schema"])}
            for each in operation["parameters"]
        ],
        "body": _fields(body),
        "answer": _fields(answer),
        "answers_list": answer.get("type") == "array",
    }


def _fields(schema: dict[str, Any]) -> list[dict[str, Any]]:
    """The fields of an object, or of the objects of a list."""
    schema = _resolved(schema.get("items", schema) if schema.get("type") == "array" else schema)
    required = schema.get("required", [])
    return [
        {"name": name, "required": name in required, **_kind(field)}
        for name, field in schema.get("properties", {}).items()
    ]


def _kind(schema: dict[str, Any]) -> dict[str, str]:
    """A field's type in a few words, and what is said about it."""
    choices = [_resolved(choice) for choice in schema.get("anyOf", [schema])]
    said = schema.get("description") or next((each["description"] for each in choices if "description" in each), "")
    return {"kind": " or ".join(_one_kind(choice) for choice in choices), "said": _with_code(said)}


def _one_kind(schema: dict[str, Any]) -> str:
    if "enum" in schema or "const" in schema:
        return " | ".join(map(str, schema.get("enum", [schema.get("const")])))
    if schema.get("type") == "array":
        return f"list of {_one_kind(_resolved(schema['items']))}"
    if "minimum" in schema:
        return f"{schema['type']} {schema['minimum']} to {schema['maximum']}"
    return str(schema.get("format") or schema.get("type", "any"))


def _with_code(text: str) -> SafeString:
    """`words` between backticks as code."""
    parts = enumerate(text.split("`"))
    return format_html_join(
        "", "{}", ((format_html("<code>{}</code>", part) if odd % 2 else part,) for odd, part in parts)
    )


def _resolved(schema: dict[str, Any]) -> dict[str, Any]:
    if "$ref" not in schema:
        return schema
    name = schema["$ref"].rpartition("/")[2]
    found: dict[str, Any] = document()["components"]["schemas"][name]
    return found

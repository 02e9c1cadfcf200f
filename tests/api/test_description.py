"""The description validates, says every refusal, and its page keeps the strict CSP."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml
from django.contrib.staticfiles import finders
from django.test import Client
from openapi_spec_validator import validate
from playwright.sync_api import Page

from crisisdesk.api.docs import description
from crisisdesk.core.refusals import REFUSALS

# They name nothing in the path, and do not exist for who looks after no brand.
_NOT_FOR_ALL = {"/api/v1/given-up/", "/api/v1/given-up/again/"}


def operations() -> list[tuple[str, str, dict[str, Any]]]:
    """Every operation of the description."""
    return [
        (method, path, told)
        for path, methods in description()["paths"].items()
        for method, told in methods.items()
    ]


def test_the_description_is_valid_openapi() -> None:
    assert description()["openapi"].startswith("3.1")
    validate(description())


def test_every_operation_says_what_it_does_and_refuses() -> None:
    names = [told["operationId"] for _, _, told in operations()]
    assert len(names) == len(set(names)) > 100
    for method, path, told in operations():
        said, _, refused = told["description"].partition("Refusals:")
        assert told["summary"] and said.strip(), path
        assert "401" in told["responses"] and "`401`" in refused, path
        assert ("403" in told["responses"]) == (method != "get"), path
        may_miss = "{" in path or path in _NOT_FOR_ALL
        assert ("404" in told["responses"]) == may_miss, path
        assert set(re.findall(r"^- `\d+` `(\w+)`", refused, re.MULTILINE)) <= REFUSALS.keys()
        for status, answer in told["responses"].items():
            if int(status) >= 400:
                assert answer["content"]["application/json"]["schema"]["$ref"], (path, status)


def test_versioned_operations_name_409_412_and_428() -> None:
    for _, path, told in operations():
        headers = {each["name"] for each in told.get("parameters", []) if each["in"] == "header"}
        if "If-Match" in headers:
            assert {"409", "412", "428"} <= told["responses"].keys(), path


@pytest.mark.parametrize(
    "kind", ["application/vnd.oai.openapi", "application/vnd.oai.openapi+json"]
)
def test_the_description_is_served_to_everybody(db: None, client: Client, kind: str) -> None:
    response = client.get("/api/v1/schema/", headers={"Accept": kind})
    assert response.status_code == 200
    assert yaml.safe_load(response.content)["paths"].keys() == description()["paths"].keys()


def test_the_page_has_nothing_inline_and_nothing_from_elsewhere(db: None, client: Client) -> None:
    assert client.get("/api/v1/").headers["Location"] == "/api/v1/docs/"
    response = client.get("/api/v1/docs/")
    page = response.content.decode()
    policy = response.headers["Content-Security-Policy"]
    assert "unsafe" not in policy and "script-src 'self'" in policy
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=|https?://", page)
    files = re.findall(r'(?:src|href)="/static/([^"]+)"', page)
    assert len(files) == 5 and all(finders.find(file) for file in files)


def test_the_page_works_in_a_browser(transactional_db: None, live_server: Any, page: Page) -> None:
    faults: list[str] = []
    page.on("console", lambda line: faults.append(line.text) if line.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(f"{live_server.url}/api/v1/docs/")
    page.get_by_text("Open an incident", exact=True).wait_for()
    page.get_by_text("Open an incident", exact=True).click()
    page.get_by_text("incident_ended").or_(page.get_by_text("title_missing")).first.wait_for()
    assert faults == []

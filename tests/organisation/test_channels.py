"""The channels' facts come from one file, in three languages."""

from __future__ import annotations

from pathlib import Path

import pytest

from crisisdesk.core.languages import LANGUAGES
from crisisdesk.organisation.domain.channels import channels_file, load_channels, read_channels
from crisisdesk.organisation.models import Channel
from tests.organisation.refusals import refused

pytestmark = pytest.mark.django_db

ONE = """
schema: 1
channels:
  - key: x
    name: {en: X, ar: إكس, he: X}
    limit: 280
    counting: plain
    checked_on: 2026-11-01
"""


def write(path: Path, text: str) -> Path:
    file = path / "channels.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def test_the_shelf_loads_and_loading_again_changes_nothing() -> None:
    count = len(read_channels(channels_file()))
    assert load_channels() == count == Channel.objects.count()
    assert load_channels() == 0
    assert all(channel.name_in(code) for channel in Channel.objects.all() for code in LANGUAGES)


def test_only_what_changed_is_written(tmp_path: Path) -> None:
    assert load_channels(write(tmp_path, ONE)) == 1
    assert load_channels(write(tmp_path, ONE.replace("280", "25000"))) == 1
    channel = Channel.objects.get()
    assert (channel.limit, channel.name_in("ar"), channel.name_in("fr")) == (25000, "إكس", "X")
    assert (channel.private_route_in("ar"), channel.comment_controls_in("he")) == ("", "")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("schema: 1", "schema: 9"),
        (", he: X", ""),
        ("counting: plain", "counting: guess"),
        ("key: x", "key:"),
    ],
)
def test_a_file_that_is_wrong_loads_nothing(tmp_path: Path, old: str, new: str) -> None:
    with refused("channels_invalid"):
        load_channels(write(tmp_path, ONE.replace(old, new)))


def test_a_key_twice_is_refused(tmp_path: Path) -> None:
    twice = ONE + ONE.split("channels:")[1]
    with refused("channels_invalid"):
        load_channels(write(tmp_path, twice))

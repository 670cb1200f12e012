"""Finding files by name, the extra folder, and the choice of a safety profile."""

import shutil
from collections.abc import Callable
from pathlib import Path
from types import MappingProxyType

import pytest

from massager import catalog
from massager._resources import profiles_folder
from massager.model.body import Region
from massager.model.ceilings import Severity
from massager.model.errors import InvalidProfileError, NotFoundError

MILD_LUMBAR = MappingProxyType({Region.LUMBAR: Severity.MILD})


@pytest.fixture
def extra(tmp_path: Path, safety: str, program: str, device: str) -> Path:
    """A folder with one more file of each kind."""
    folder = tmp_path / "extra"
    for name, content in (
        ("safety/mild-thoracic.yaml", safety.replace("region: lumbar", "region: thoracic", 1)),
        ("programs/evening.yaml", program),
        ("devices/sofa/device.yaml", device),
    ):
        (folder / name).parent.mkdir(parents=True)
        (folder / name).write_text(content)
    return folder


LOADERS = {
    "safety": (catalog.load_safety_profile, "mild-lumbar"),
    "program": (catalog.load_program, "gentle-lumbar"),
    "device": (catalog.load_device, "chair"),
}


@pytest.mark.parametrize("kind", LOADERS)
@pytest.mark.parametrize(
    "name", ["../gentle-lumbar", "/etc/passwd", "", "x", "*", "gentle-lumbar.yaml", "\x1b[31m"]
)
def test_a_name_that_is_not_on_the_shelf_leads_nowhere(kind: str, name: str) -> None:
    load: Callable[[str], object] = LOADERS[kind][0]
    with pytest.raises(NotFoundError) as refused:
        load(name)
    assert str(refused.value).startswith(f"there is no {kind} file {name!r}. ")
    assert str(refused.value).isprintable()


def test_a_name_nearly_right_is_hinted_at_and_otherwise_all_are_named() -> None:
    with pytest.raises(
        NotFoundError, match=r"^there is no program file 'gentle-lumber'. Did you mean 'gentle-lumbar'\?$"
    ):
        catalog.load_program("gentle-lumber")
    with pytest.raises(NotFoundError, match=r"There are: gentle-lumbar, paraspinal-sweep\.$"):
        catalog.load_program("xyz")


def test_an_empty_shelf_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("massager.catalog.shelf.profiles_folder", lambda: tmp_path)
    with pytest.raises(NotFoundError, match=r"^there is no device file 'chair'. There are: none\.$"):
        catalog.load_device("chair")


def test_an_extra_folder_adds_to_what_is_built_in(extra: Path) -> None:
    assert [program.name for program in catalog.list_programs(extra)] == [
        "evening",
        "gentle-lumbar",
        "paraspinal-sweep",
    ]
    assert [device.name for device in catalog.list_devices(extra)] == ["chair", "sofa"]
    names = [profile.name for profile in catalog.list_safety_profiles(extra)]
    assert names == ["mild-lumbar", "mild-thoracic"]
    assert catalog.load_program("evening", extra).name == "evening"
    assert catalog.load_device("sofa", extra).name == "sofa"
    assert catalog.load_safety_profile("mild-thoracic", extra).region is Region.THORACIC
    assert catalog.load_device("chair", extra).name == "chair"


def test_without_the_extra_folder_its_files_do_not_exist() -> None:
    with pytest.raises(NotFoundError):
        catalog.load_program("evening")


@pytest.mark.parametrize(
    ("path", "load", "list_all"),
    [
        ("safety/mild-lumbar.yaml", catalog.load_safety_profile, catalog.list_safety_profiles),
        ("programs/gentle-lumbar.yaml", catalog.load_program, catalog.list_programs),
        ("devices/chair/device.yaml", catalog.load_device, catalog.list_devices),
    ],
)
def test_an_extra_file_never_replaces_a_built_in_one(
    extra: Path,
    path: str,
    load: Callable[[str, Path], object],
    list_all: Callable[[Path], object],
) -> None:
    (extra / path).parent.mkdir(exist_ok=True)
    shutil.copy(profiles_folder() / path, extra / path)
    calls: tuple[Callable[[], object], ...] = (lambda: load("anything", extra), lambda: list_all(extra))
    for call in calls:
        with pytest.raises(InvalidProfileError) as refused:
            call()
        assert str(refused.value).startswith(f"{extra / path}:1:1: the name is taken by a built-in ")
        assert str(refused.value).endswith("Rename the file; nothing built in is replaced.")


def test_an_extra_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match=f"there is no folder {tmp_path}/none; name one that holds"):
        catalog.list_programs(tmp_path / "none")


def test_an_extra_folder_may_be_empty(tmp_path: Path) -> None:
    assert catalog.list_programs(tmp_path) == catalog.list_programs()


def test_one_wrong_file_stops_the_whole_list_and_no_other_name(extra: Path) -> None:
    (extra / "programs/broken.yaml").write_text("kind: program\n")
    with pytest.raises(InvalidProfileError, match=r"broken\.yaml:1:1: title: this is missing"):
        catalog.list_programs(extra)
    assert catalog.load_program("evening", extra).name == "evening"


def test_mild_lumbar_stenosis_has_its_profile() -> None:
    assert catalog.safety_profile_for(MILD_LUMBAR).name == "mild-lumbar"


def test_an_extra_profile_is_found_by_its_diagnosis(extra: Path) -> None:
    found = catalog.safety_profile_for({Region.THORACIC: Severity.MILD}, extra)
    assert found.name == "mild-thoracic"


@pytest.mark.parametrize(
    ("conditions", "asked"),
    [
        ({Region.LUMBAR: Severity.MODERATE}, "moderate lumbar stenosis"),
        ({Region.CERVICAL: Severity.MILD}, "mild cervical stenosis"),
        (
            {Region.LUMBAR: Severity.MILD, Region.CERVICAL: Severity.MILD},
            "mild cervical stenosis and mild lumbar stenosis",
        ),
    ],
)
def test_any_other_diagnosis_is_refused_with_what_there_is(
    conditions: dict[Region, Severity], asked: str
) -> None:
    with pytest.raises(NotFoundError) as refused:
        catalog.safety_profile_for(conditions)
    there = "there are: mild-lumbar (mild lumbar stenosis)."
    assert str(refused.value) == f"there is no safety profile for {asked}; {there}"


def test_a_person_without_a_diagnosis_has_no_safety_profile() -> None:
    with pytest.raises(NotFoundError, match=r"^no diagnosis is recorded .*clinician named\.$"):
        catalog.safety_profile_for({})


def test_two_profiles_for_one_diagnosis_are_refused(extra: Path, safety: str) -> None:
    path = extra / "safety/mild-lumbar-two.yaml"
    path.write_text(safety)
    what = "this safety profile and mild-lumbar are for the same diagnosis. Keep one of them."
    with pytest.raises(InvalidProfileError) as refused:
        catalog.safety_profile_for(MILD_LUMBAR, extra)
    assert str(refused.value) == f"{path}:1:1: {what}"


def test_the_wheel_s_folder_comes_before_the_source_tree_s(tmp_path: Path) -> None:
    package = tmp_path / "massager"
    (tmp_path / "profiles/safety").mkdir(parents=True)
    assert profiles_folder(package) == tmp_path / "profiles"
    (package / "_profiles").mkdir(parents=True)
    assert profiles_folder(package) == tmp_path / "profiles"
    (package / "_profiles/safety").mkdir()
    assert profiles_folder(package) == package / "_profiles"


def test_an_installation_without_profiles_says_where_it_looked(tmp_path: Path) -> None:
    (tmp_path / "profiles").mkdir()
    with pytest.raises(NotFoundError) as refused:
        profiles_folder(tmp_path / "massager")
    assert str(refused.value) == (
        f"the built-in profiles are missing: looked in {tmp_path}/massager/_profiles "
        f"and {tmp_path}/profiles. Install massager again."
    )

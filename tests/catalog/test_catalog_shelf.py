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
BUILT_IN = [
    f"{severity}-{region}" for severity in ("mild", "moderate", "severe") for region in sorted(Region)
]

PROGRAMS = [
    "evening-waves",
    "first-time",
    "gentle-cushion",
    "gentle-lumbar",
    "held-lumbar",
    "kneading-lumbar",
    "moderate-cushion",
    "moderate-lumbar",
    "paraspinal-sweep",
    "slow-percussion",
    "slow-percussion-upper",
    "upper-back",
]


@pytest.fixture
def extra(tmp_path: Path, safety: str, program: str, device: str) -> Path:
    """A folder with one more file of each kind."""
    folder = tmp_path / "extra"
    for name, content in (
        ("safety/clinic.yaml", safety),
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
    with pytest.raises(NotFoundError, match=rf"There are: {', '.join(PROGRAMS)}\.$"):
        catalog.load_program("xyz")


def test_an_empty_shelf_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("massager.catalog.shelf.profiles_folder", lambda: tmp_path)
    with pytest.raises(NotFoundError, match=r"^there is no device file 'chair'. There are: none\.$"):
        catalog.load_device("chair")


def test_an_extra_folder_adds_to_what_is_built_in(extra: Path) -> None:
    assert [program.name for program in catalog.list_programs(extra)] == ["evening", *PROGRAMS]
    devices = [device.name for device in catalog.list_devices(extra)]
    assert devices == ["chair", "cushion", "handheld", "sofa"]
    names = [profile.name for profile in catalog.list_safety_profiles(extra)]
    assert names == sorted(["clinic", *BUILT_IN])
    assert catalog.load_program("evening", extra).name == "evening"
    assert catalog.load_device("sofa", extra).name == "sofa"
    assert catalog.load_safety_profile("clinic", extra).name == "clinic"
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


@pytest.mark.parametrize(
    ("path", "list_all"),
    [
        ("safety/clinic.yaml", catalog.list_safety_profiles),
        ("programs/evening.yaml", catalog.list_programs),
        ("devices/sofa/device.yaml", catalog.list_devices),
    ],
)
def test_a_file_of_another_kind_is_refused_where_it_stands(
    extra: Path, path: str, list_all: Callable[[Path], object]
) -> None:
    kind, rest = (extra / path).read_text().split("\n", 1)
    (extra / path).write_text(f"kind: other\n{rest}")
    with pytest.raises(InvalidProfileError) as refused:
        list_all(extra)
    right = kind.removeprefix("kind: ")
    what = f"kind: this must be '{right}' (got 'other'). Choose one of them."
    assert str(refused.value) == f"{extra / path}:1:7: {what}"


@pytest.mark.parametrize("name", BUILT_IN)
def test_every_single_diagnosis_has_its_profile(name: str) -> None:
    severity, region = name.split("-")
    condition = {Region(region): Severity[severity.upper()]}
    found = catalog.safety_profile_for(condition)
    assert (found, found.conditions) == (catalog.load_safety_profile(name), condition)


def test_a_diagnosis_without_a_profile_is_refused_with_what_there_is(
    tmp_path: Path, safety: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "safety").mkdir()
    (tmp_path / "safety/mine.yaml").write_text(safety)
    monkeypatch.setattr("massager.catalog.shelf.profiles_folder", lambda: tmp_path)
    assert catalog.safety_profile_for(MILD_LUMBAR).name == "mine"
    for further in ({}, MILD_LUMBAR):
        with pytest.raises(NotFoundError) as refused:
            catalog.safety_profile_for({**further, Region.CERVICAL: Severity.SEVERE})
        assert str(refused.value) == (
            "there is no safety profile for severe cervical stenosis; there are: mine (mild lumbar stenosis)."
        )


def test_a_person_without_a_diagnosis_has_no_safety_profile() -> None:
    with pytest.raises(NotFoundError, match=r"^no diagnosis is recorded .*clinician named\.$"):
        catalog.safety_profile_for({})


@pytest.mark.parametrize("further", [{}, {Region.CERVICAL: Severity.SEVERE}])
def test_a_second_profile_for_a_diagnosis_lowers_and_never_raises(
    extra: Path, further: dict[Region, Severity]
) -> None:
    conditions = {**further, **MILD_LUMBAR}
    alone, both = catalog.safety_profile_for(conditions), catalog.safety_profile_for(conditions, extra)
    assert "clinic" in both.name
    assert both.session_min <= alone.session_min
    for row in both.rows:
        was = alone.row(row.region, row.modality)
        assert was is not None
        for figure in ("intensity_permille", "force_n", "zone_s", "spot_s"):
            assert getattr(row, figure) <= getattr(was, figure)
    mine = catalog.load_safety_profile("clinic", extra)
    assert {(row.region, row.modality) for row in both.rows} <= {
        (row.region, row.modality) for row in mine.rows
    } | {(row.region, row.modality) for row in both.rows if row.region in further}


def test_a_second_profile_for_another_diagnosis_is_in_nobodys_way(extra: Path) -> None:
    conditions = {Region.LUMBAR: Severity.SEVERE, Region.CERVICAL: Severity.MILD}
    assert catalog.safety_profile_for(conditions, extra) == catalog.safety_profile_for(conditions)


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

"""How the page looks and sounds on this screen."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from massager.texts import LANGUAGES
from massager.texts.labels import Label
from massager.web.forms import form_of, go_to
from massager.web.look import Look, Signal, Size, Theme
from massager.web.rendering import Pages


def serve_settings(router: APIRouter, pages: Pages) -> None:
    """Its two addresses."""

    @router.get("/settings")
    async def show(request: Request, kept: str = "") -> Response:
        look, page = pages.look(request), pages.language(request).page
        groups = [
            ("size", Label.TEXT_SIZE, look.size, [(one, page[Label(f"size-{one}")]) for one in Size]),
            ("theme", Label.THEME, look.theme, [(one, page[Label(f"theme-{one}")]) for one in Theme]),
            ("signal", Label.SIGNAL, look.signal, [(one, page[Label(f"signal-{one}")]) for one in Signal]),
            (
                "language",
                Label.LANGUAGE,
                look.language,
                [(code, words.page[Label.LANGUAGE_NAME]) for code, words in LANGUAGES.items()],
            ),
        ]
        listed = [
            {"name": name, "legend": page[legend], "chosen": chosen, "choices": choices}
            for name, legend, chosen, choices in groups
        ]
        return pages.page(request, "settings", groups=listed, kept=bool(kept))

    @router.post("/settings")
    async def keep(request: Request) -> Response:
        form, look = await form_of(request), pages.look(request)
        size, theme, signal = form.one("size"), form.one("theme"), form.one("signal")
        language = form.one("language")
        response = go_to("/settings?kept=1")
        Look(
            size=Size(size) if size in set(Size) else look.size,
            theme=Theme(theme) if theme in set(Theme) else look.theme,
            signal=Signal(signal) if signal in set(Signal) else look.signal,
            language=language if language in LANGUAGES else look.language,
        ).keep(response)
        return response

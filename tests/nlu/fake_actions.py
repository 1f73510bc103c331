"""An action server that speaks rasa-sdk's JSON and knows nothing: enough to try the turn channel without the real one.

Run as `python -m tests.nlu.fake_actions PORT`. What it hears stands at GET /heard. It fails when the participant tells
it to: the channel must make something explicit of that.
"""

import json
import sys
from typing import Any

import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, PlainTextResponse, Response

app = FastAPI()
HEARD: list[dict[str, Any]] = []
ASKED = ("complaint_intent", "platform", "course")


def answer(events: list[dict[str, Any]], *responses: dict[str, Any]) -> JSONResponse:
    return JSONResponse({"events": events, "responses": list(responses)})


def slot(name: str, value: Any) -> dict[str, Any]:
    return {"event": "slot", "timestamp": None, "name": name, "value": value}


def button(title: str, platform: str) -> dict[str, Any]:
    choice = {"choice": {"intent": "inform", "slots": {"platform": platform}}}
    return {"title": title, "payload": json.dumps(choice)}


@app.get("/heard")
def heard() -> list[dict[str, Any]]:
    return HEARD


@app.post("/webhook")
async def webhook(request: Request) -> Response:
    asked = await request.json()
    HEARD.append(asked)
    action, slots = asked["next_action"], asked["tracker"]["slots"]
    text = (asked["tracker"]["latest_message"] or {}).get("text", "")
    if "server jatuh" in text:
        return PlainTextResponse("the whole conversation", status_code=500)
    if "jawaban rusak" in text:
        return JSONResponse({"events": [{"event": "slot"}], "responses": "none"})
    if "diam saja" in text:
        return answer([])
    if action == "validate_complaint_form":
        missing = next((name for name in ASKED if slots.get(name) is None), None)
        return answer([slot("requested_slot", missing)])
    if action == "action_ask_platform":
        return answer([], {"text": "Di platform mana, Kak?", "buttons": [button("Sisnaker", "sisnaker")]})
    if action == "action_ask_course":
        return answer([], {"text": "Pelatihan yang mana, Kak?"})
    said = {"text": f"{action}: {slots.get('platform')}, {slots.get('course')}", "buttons": []}
    finding = {"custom": {"finding": {"check": action, "verdict": "unknown"}}}
    ticket = {"custom": {"proposal": {"kind": "ticket", "intent": slots.get("complaint_intent")}}}
    return answer([slot("last_answer_intent", "x")], said, finding, ticket)


if __name__ == "__main__":
    uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_level="warning")

"""The text messages of the programme: the OTPs that wait to be typed at a platform."""

from fastapi import APIRouter

from simulator.programme.buying import Till


def sms_api(till: Till) -> APIRouter:
    """Make the route under /control."""
    api = APIRouter(prefix="/control")

    @api.get("/sms")
    async def sms() -> list[dict[str, str]]:
        """List the OTPs of payments under way, oldest first."""
        return [
            {
                **{"prakerja_id": it.participant["participant_id"], "phone": it.participant["phone"]},
                **{"course_code": it.offer["course_id"], "otp": it.otp},
            }
            for it in till.pending.values()
            if it.invoice is None
        ]

    return api

"""What the form of a meeting sends, for the tests of logging and changing one."""

from django.urls import reverse

LOG = "missions:meeting-log"


def entries(*who, **others):
    """What the form sends in the usual case."""
    return {
        "token": "6f1f7a0e-6d7b-4a4e-9a53-1d3a4a5b0c11",
        "who": [one if isinstance(one, str) else value(one) for one in who],
        "local_date": "10 November 2026",
        "local_time": "10:00",
        "format": "in-person",
        "status": "held",
        **others,
    }


def value(record):
    return f"{record._meta.model_name}-{record.pk}"


def lines(*promises):
    """Follow-up lines as the form sends them."""
    sent = {"follow_ups-TOTAL_FORMS": str(len(promises)), "follow_ups-INITIAL_FORMS": "0"}
    for number, promise in enumerate(promises):
        for name, text in {"promised_by": "us", **promise}.items():
            sent[f"follow_ups-{number}-{name}"] = text
    return sent


def newcomer(group="people", **answers):
    """One person, or organisation, first met."""
    sent = {f"new_{group}-TOTAL_FORMS": "1", f"new_{group}-INITIAL_FORMS": "0"}
    return sent | {f"new_{group}-0-{name}": text for name, text in answers.items()}


def log(client, *who, **others):
    return client.post(reverse(LOG), entries(*who, **others))


def page(answer):
    assert answer.status_code == 200, answer
    return answer.content.decode()

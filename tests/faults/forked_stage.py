"""What every worker of the fault tests is forked from: the whole of Handrail, imported."""

import django

django.setup()

import handrail.delivery.channels.email  # noqa: E402
import handrail.delivery.channels.push  # noqa: E402
import handrail.delivery.channels.sms.channel  # noqa: E402
import handrail.delivery.management.commands.worker  # noqa: E402, F401

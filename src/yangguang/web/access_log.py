"""The access log (访问日志): which public page was asked for, how it was answered, how long it took.

Nothing about who asked: no address, no account, no query. Of pages that only signed-in people use there is no line at
all, because before the deadline the number of such lines would tell how many bid (招标投标法第二十二条).
"""

import logging
import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from yangguang.web.access import is_public

logger = logging.getLogger("yangguang.access")
Answer = Callable[[HttpRequest], HttpResponse]


def access_log_middleware(get_response: Answer) -> Answer:
    """Write one line for each answer of a public page."""

    def answer(request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        response = get_response(request)
        match = request.resolver_match
        if match and is_public(match.view_name):
            taken = 1000 * (time.perf_counter() - began)
            logger.info("%s %s %d %.0f ms", request.method, request.path, response.status_code, taken)
        return response

    return answer

"""Details that can be kept, for tests of several rooms."""

PERSON = {
    "legal_name": "王小明",
    "address": "河岸路 1 号\n成都",
    "country": "CN",
    "tax_status": "person",
    "payout_method": "alipay",
    "alipay_account": "tide@example.com",
}

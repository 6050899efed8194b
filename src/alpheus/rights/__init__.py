"""Who may do what, where and when. Today: may this listener hear this recording whole?"""

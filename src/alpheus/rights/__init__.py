"""Who may do what, where and when: may this listener hear this whole, and what is done when somebody says "not theirs"?"""

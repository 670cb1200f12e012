"""The HTTP doors of a core: today the control API on its unix socket.

May import session's services, drawing, texts and model; never guardian, store or safety.
"""

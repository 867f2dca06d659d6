"""Intake 业主报事: residents report and complain from their phone without an account, for every module that offers a form."""

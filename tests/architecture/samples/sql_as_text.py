# as: dougong_sample/reports.py
# breaks: bound
import sqlalchemy as sa


def count(session, name):
    return session.scalar(sa.text(f"select count(*) from complaints.complaint where category = '{name}'"))

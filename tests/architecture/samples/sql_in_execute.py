# as: dougong_sample/reports.py
# breaks: bound
def count(connection, name):
    return connection.execute(f"select 1 where '{name}' = ''")

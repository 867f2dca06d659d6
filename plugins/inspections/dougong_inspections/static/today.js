// Today's tasks: keep their pages on the phone, count their windows down, say what lies on the phone unsent.
const box = document.querySelector('.today'), words = box.dataset
const { prefetch, watch, draft } = await import(document.getElementById('outbox-js').href)
const fill = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole)

function tick () {
  for (const clock of box.querySelectorAll('[data-until]')) {
    const minutes = Math.floor(Math.abs(new Date(clock.dataset.until) - Date.now()) / 60000), kind = clock.dataset.kind
    const time = minutes >= 1440 ? Math.floor(minutes / 1440) + 'd' : Math.floor(minutes / 60) + ':' + String(minutes % 60).padStart(2, '0')
    const over = kind !== 'soon' && new Date(clock.dataset.until) < Date.now()
    clock.dataset.t = kind === 'soon' ? 'none' : over ? 'over' : minutes < 30 ? 'soon' : 'left'
    clock.querySelector('span').textContent = fill(kind === 'soon' ? words.begins : over ? words.over : words.left, { time })
  }
}
tick()
setInterval(tick, 15_000)

const mark = async link => {
  const state = await draft(document.body.dataset.who, 'walk:' + link.dataset.task).catch(() => null)
  if (!state) return
  const how = link.querySelector('.how')
  how.dataset.was ??= how.textContent
  how.textContent = how.dataset.was + ' · ' + (state.submitted ? words.sent : words.unsent)
}
watch(() => box.querySelectorAll('[data-task]').forEach(mark))

if (navigator.onLine !== false) {
  const kept = await prefetch(JSON.parse(words.keep)).catch(() => 0)
  document.documentElement.dataset.kept = kept
  if (kept > 1) document.getElementById('kept').textContent = fill(words.kept, { n: kept - 1 })
}

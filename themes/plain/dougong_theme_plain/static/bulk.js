// Choosing many rows of a list: how many there are, all at once, and a stretch of them with the shift key.
const all = (selector, from = document) => [...from.querySelectorAll(selector)]
const one = (selector, from = document) => from.querySelector(selector)

all('form[data-bulk]').forEach(form => {
  const boxes = all('tbody [type=checkbox]', form), whole = one('[data-all]', form), word = one('output', form)
  const tell = () => {
    const n = boxes.filter(box => box.checked).length
    word.textContent = form.dataset.bulk.replace('{n}', n)
    whole.checked = n === boxes.length
    whole.indeterminate = n > 0 && n < boxes.length
  }
  let last
  form.addEventListener('click', event => {
    const at = boxes.indexOf(event.target)
    if (at >= 0 && event.shiftKey && last !== undefined) boxes.slice(Math.min(at, last), Math.max(at, last) + 1).forEach(box => { box.checked = event.target.checked })
    if (at >= 0) last = at
    if (event.target === whole) boxes.forEach(box => { box.checked = whole.checked })
    tell()
  })
  form.addEventListener('reset', () => setTimeout(tell))
})

// A record's page: sending files with progress, made smaller first; looking at pictures; mentioning people. All of it also works without.
const all = (selector, from = document) => [...from.querySelectorAll(selector)]
const one = (selector, from = document) => from.querySelector(selector)
const make = (tag, more = {}, ...inner) => { const made = Object.assign(document.createElement(tag), more); made.append(...inner); return made }

// ---- sending files ---------------------------------------------------------------------------------

const SIDE = 2000, WORTH = 300_000 // pixels; bytes below which nothing is gained

async function smaller (file) {
  if (!/^image\/(jpeg|png|webp|heic|heif)$/.test(file.type)) return file
  const strange = /hei[cf]$/.test(file.type)
  if (!strange && file.size < WORTH) return file
  try {
    const image = await createImageBitmap(file, { imageOrientation: 'from-image' })
    const scale = Math.min(1, SIDE / Math.max(image.width, image.height))
    if (scale === 1 && !strange) return file
    const canvas = make('canvas', { width: Math.round(image.width * scale), height: Math.round(image.height * scale) })
    canvas.getContext('2d').drawImage(image, 0, 0, canvas.width, canvas.height)
    const kind = file.type === 'image/png' ? 'image/png' : 'image/jpeg'
    const made = await new Promise(resolve => canvas.toBlob(resolve, kind, 0.85))
    if (!made || (!strange && made.size >= file.size)) return file
    return new File([made], kind === file.type ? file.name : file.name.replace(/\.\w+$/, '') + '.jpg', { type: kind })
  } catch { return file /* the server will say what is wrong with it */ }
}

const words = (text, name, n = '') => text.replace('{name}', name).replace('{n}', n)

function post (form, file, tell) {
  return new Promise(resolve => {
    const body = new FormData(), request = new XMLHttpRequest()
    body.append('file', file, file.name || 'image.png')
    if (form.elements.field) body.append('field', form.elements.field.value)
    request.open('POST', form.dataset.upload)
    request.setRequestHeader('x-csrf-token', one('[name=csrf]', form).value)
    request.upload.onprogress = event => { if (event.lengthComputable) tell(Math.round(100 * event.loaded / event.total)) }
    request.onerror = () => resolve(words(form.dataset.failed, file.name))
    request.onload = () => {
      if (request.status < 300) return resolve('')
      let problem = {}
      try { problem = JSON.parse(request.responseText) } catch { /* not from us: said plainly below */ }
      const told = (problem.errors || []).map(error => error.message).join(' ') || problem.detail
      resolve(told || words(request.status === 413 ? form.dataset.large : form.dataset.failed, file.name))
    }
    request.send(body)
  })
}

let busy = Promise.resolve()
async function sendAll (form, files) {
  const list = one('.sending', form)
  list.hidden = false
  let failed = all('.error', list).length
  for (const file of files) {
    const text = make('span'), bar = make('progress', { max: 100, value: 0 }), line = make('li', {}, text, bar)
    const tell = n => { bar.value = n; text.textContent = words(form.dataset.sending, file.name, n) }
    bar.setAttribute('aria-label', file.name)
    list.append(line)
    tell(0)
    const wrong = await post(form, await smaller(file), tell)
    bar.remove()
    if (wrong) { failed++; text.textContent = wrong; text.className = 'error' } else tell(100)
  }
  if (!failed) return location.reload()
  if (!one('a', list)) list.append(make('li', {}, make('a', { href: location.href.split('#')[0], textContent: form.dataset.show })))
}

const form = one('form[data-upload]')
if (form) {
  const send = files => { if (files.length) busy = busy.then(() => sendAll(form, files)) }
  all('[type=file]', form).forEach(input => input.addEventListener('change', () => { const files = [...input.files]; input.value = ''; send(files) }))
  const whole = form.closest('section')
  let depth = 0
  const mark = on => { depth = Math.max(0, on); form.classList.toggle('over', depth > 0) }
  const holds = event => event.dataTransfer && [...event.dataTransfer.types].includes('Files')
  whole.addEventListener('dragenter', event => { if (holds(event)) mark(depth + 1) })
  whole.addEventListener('dragleave', event => { if (holds(event)) mark(depth - 1) })
  // A file that misses the box must not replace the page.
  document.addEventListener('dragover', event => { if (holds(event)) event.preventDefault() })
  document.addEventListener('drop', event => {
    if (!holds(event)) return
    event.preventDefault()
    mark(0)
    if (whole.contains(event.target)) send([...event.dataTransfer.files])
  })
  document.addEventListener('paste', event => {
    const files = [...(event.clipboardData || {}).files || []]
    if (files.length && !event.target.closest('dialog')) { event.preventDefault(); send(files) }
  })
}

// ---- looking at pictures ---------------------------------------------------------------------------

const views = all('#files a[data-view]')
document.addEventListener('click', event => {
  const link = event.target.closest('a[data-view]')
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || !window.HTMLDialogElement) return
  event.preventDefault()
  const ring = views.includes(link) ? views : [link]
  let at = ring.indexOf(link)
  const image = make('img', { alt: '' }), name = make('b'), save = make('a', { className: 'btn', download: '' })
  const close = make('button', { className: 'btn main', type: 'button' })
  const labels = one('#looking-words').dataset
  save.textContent = labels.save
  close.textContent = labels.close
  const box = make('dialog', { className: 'looking' }, make('div', {}, image, make('p', {}, name, save, close)))
  const show = step => {
    at = (at + step + ring.length) % ring.length
    image.src = save.href = ring[at].href
    name.textContent = box.ariaLabel = image.alt = one('.name', ring[at]).textContent
  }
  box.addEventListener('keydown', event => { const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key]; if (step) show(step) })
  box.addEventListener('close', () => { box.remove(); link.focus() })
  box.addEventListener('click', event => { if (event.target === box) box.close() })
  close.onclick = () => box.close()
  document.body.append(box)
  show(0)
  box.showModal()
  close.focus()
})

// ---- mentioning people -----------------------------------------------------------------------------

const say = one('textarea[data-people]')
if (say) {
  const list = make('ul', { className: 'names', id: 'names', role: 'listbox', hidden: true })
  say.closest('form').append(list)
  for (const [name, value] of [['role', 'combobox'], ['aria-autocomplete', 'list'], ['aria-controls', 'names'], ['aria-expanded', 'false']]) say.setAttribute(name, value)
  let chosen = 0, timer, asked = 0
  const begun = () => say.value.slice(0, say.selectionStart).match(/[@＠]([^\s@＠]{0,20})$/)
  const hide = () => { list.hidden = true; say.setAttribute('aria-expanded', 'false'); say.removeAttribute('aria-activedescendant') }
  const choose = n => {
    const items = all('li', list)
    chosen = (n + items.length) % items.length
    items.forEach((item, i) => item.setAttribute('aria-selected', String(i === chosen)))
    say.setAttribute('aria-activedescendant', items[chosen].id)
  }
  const take = item => {
    const match = begun()
    if (match) say.setRangeText('@' + item.dataset.name + ' ', say.selectionStart - match[0].length, say.selectionStart, 'end')
    hide()
    say.focus()
  }
  const find = async () => {
    const match = begun(), turn = ++asked
    if (!match) return hide()
    const answer = await fetch(say.dataset.people + '?q=' + encodeURIComponent(match[1])).catch(() => null)
    if (!answer || !answer.ok || turn !== asked) return
    const people = (await answer.json()).results
    if (!people.length) return hide()
    const twice = name => people.filter(person => person.name === name).length > 1
    list.replaceChildren(...people.map((person, n) => {
      const item = make('li', { id: 'name-' + n, role: 'option' }, make('span', { textContent: person.name }), make('small', { textContent: person.username }))
      item.dataset.name = twice(person.name) ? person.username : person.name
      return item
    }))
    list.hidden = false
    say.setAttribute('aria-expanded', 'true')
    choose(0)
  }
  say.addEventListener('input', () => { clearTimeout(timer); timer = setTimeout(find, 120) })
  say.addEventListener('keydown', event => {
    if (list.hidden || event.isComposing) return
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') { event.preventDefault(); choose(chosen + (event.key === 'ArrowDown' ? 1 : -1)) }
    else if (event.key === 'Enter' || event.key === 'Tab') { event.preventDefault(); take(all('li', list)[chosen]) }
    else if (event.key === 'Escape') { event.stopPropagation(); hide() }
  })
  list.addEventListener('pointerdown', event => { const item = event.target.closest('li'); if (item) { event.preventDefault(); take(item) } })
  say.addEventListener('blur', hide)
}

// The next times beside a rule, as one types: the form asks its own address for a preview and takes the answer's card.
const form = document.querySelector('.rule form')
const aside = document.querySelector('.rule aside')
let timer, asking

async function preview () {
  if (asking) asking.abort()
  asking = new AbortController()
  const body = new URLSearchParams(new FormData(form))
  body.set('preview', '1')
  aside.classList.add('stale')
  try {
    const answer = await fetch(form.action, { method: 'POST', body, signal: asking.signal, headers: { accept: 'text/html' } })
    const found = new DOMParser().parseFromString(await answer.text(), 'text/html').querySelector('.rule aside')
    if (found) aside.replaceChildren(...found.childNodes)
    aside.classList.remove('stale')
  } catch (error) {
    if (error.name !== 'AbortError') aside.classList.remove('stale') // no network: the last answer stays, Save still judges
  }
}

if (form && aside) {
  aside.setAttribute('aria-live', 'polite')
  form.addEventListener('input', () => {
    clearTimeout(timer)
    timer = setTimeout(preview, 350)
  })
}

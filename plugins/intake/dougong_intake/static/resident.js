// Pictures on a resident's form: several turns of the camera add up, each is made smaller before it is sent, each can be
// taken back. Without this module the browser's own field does.
const SIDE = 1600, WORTH = 250_000, THUMB = 88 // pixels, bytes, pixels

const drawn = (image, width, height) => {
  const canvas = Object.assign(document.createElement('canvas'), { width, height })
  canvas.getContext('2d').drawImage(image, 0, 0, width, height)
  return canvas
}

async function prepared (file) {
  const image = await createImageBitmap(file, { imageOrientation: 'from-image' })
  const scale = Math.min(1, SIDE / Math.max(image.width, image.height))
  const side = THUMB / Math.min(image.width, image.height)
  const thumb = drawn(image, Math.round(image.width * side), Math.round(image.height * side))
  if (scale === 1 && file.size < WORTH && file.type === 'image/jpeg') return { file, thumb }
  const canvas = drawn(image, Math.round(image.width * scale), Math.round(image.height * scale))
  const made = await new Promise(resolve => canvas.toBlob(resolve, 'image/jpeg', 0.82))
  const name = file.name.replace(/\.\w+$/, '') + '.jpg'
  return { file: made && made.size < file.size ? new File([made], name, { type: 'image/jpeg' }) : file, thumb }
}

document.querySelectorAll('input[data-shrink]').forEach(input => {
  const most = Number(input.dataset.shrink), field = input.closest('.field')
  const list = document.createElement('ul'), word = document.createElement('p')
  list.className = 'taken'
  word.className = 'help'
  word.setAttribute('role', 'status')
  field.append(list, word)
  let kept = []
  const show = () => {
    const data = new DataTransfer()
    kept.forEach(one => data.items.add(one.file))
    input.files = data.files
    list.replaceChildren(...kept.map((one, n) => {
      const item = document.createElement('li'), button = document.createElement('button')
      button.type = 'button'
      button.setAttribute('aria-label', input.dataset.remove.replace('{n}', n + 1))
      button.textContent = '×'
      button.onclick = () => { kept = kept.filter(other => other !== one); show(); input.focus() }
      one.thumb.setAttribute('role', 'img')
      one.thumb.setAttribute('aria-label', input.dataset.name.replace('{n}', n + 1))
      item.append(one.thumb, button)
      return item
    }))
    word.textContent = kept.length ? input.dataset.chosen.replace('{n}', kept.length) : ''
  }
  input.addEventListener('change', async () => {
    const chosen = [...input.files]
    input.disabled = true // a half-prepared choice is not sent
    try {
      const made = await Promise.all(chosen.map(prepared))
      input.disabled = false
      const over = kept.length + made.length > most
      kept = [...kept, ...made].slice(0, most)
      show()
      if (over) word.textContent = input.dataset.most
    } catch {
      input.disabled = false // a picture that this browser cannot read: the server says what is wrong with it
      list.replaceChildren()
      kept = []
    }
  })
})

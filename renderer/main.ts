import './no-eval'
import './tokens.css'
import './base.css'
import { createPinia } from 'pinia'
import { createApp } from 'vue'
import AppShell from './AppShell.vue'
import { i18n, setLocale } from './i18n/i18n'
import { readLocale } from './platform/preferences'

setLocale(readLocale())
createApp(AppShell).use(createPinia()).use(i18n).mount('#app')

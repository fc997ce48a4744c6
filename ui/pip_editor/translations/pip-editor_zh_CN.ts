<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
  <context>
    <name>pip-editor</name>
    <message>
      <source> s</source>
      <translation> 秒</translation>
    </message>
    <message>
      <source>&amp;About pip-editor</source>
      <translation>关于 pip-editor(&amp;A)</translation>
    </message>
    <message>
      <source>&amp;Apply to other photos …</source>
      <translation>应用到其他照片(&amp;A) …</translation>
    </message>
    <message>
      <source>&amp;Batch …</source>
      <translation>批处理(&amp;B) …</translation>
    </message>
    <message>
      <source>&amp;Close photo</source>
      <translation>关闭照片(&amp;C)</translation>
    </message>
    <message>
      <source>&amp;Compare</source>
      <translation>对比(&amp;C)</translation>
    </message>
    <message>
      <source>&amp;Copy settings</source>
      <translation>复制设置(&amp;C)</translation>
    </message>
    <message>
      <source>&amp;Difference × 8</source>
      <translation>差异 × 8(&amp;D)</translation>
    </message>
    <message>
      <source>&amp;Duplicate</source>
      <translation>复制(&amp;D)</translation>
    </message>
    <message>
      <source>&amp;Edit</source>
      <translation>编辑(&amp;E)</translation>
    </message>
    <message>
      <source>&amp;Export …</source>
      <translation>导出(&amp;E) …</translation>
    </message>
    <message>
      <source>&amp;File</source>
      <translation>文件(&amp;F)</translation>
    </message>
    <message>
      <source>&amp;Fit</source>
      <translation>适合窗口(&amp;F)</translation>
    </message>
    <message>
      <source>&amp;From a mask picture …</source>
      <translation>来自蒙版图片(&amp;F) …</translation>
    </message>
    <message>
      <source>&amp;Grow …</source>
      <translation>扩展(&amp;G) …</translation>
    </message>
    <message>
      <source>&amp;Help</source>
      <translation>帮助(&amp;H)</translation>
    </message>
    <message>
      <source>&amp;Histogram</source>
      <translation>直方图(&amp;H)</translation>
    </message>
    <message>
      <source>&amp;Invert</source>
      <translation>反转(&amp;I)</translation>
    </message>
    <message>
      <source>&amp;Keys …</source>
      <translation>快捷键(&amp;K) …</translation>
    </message>
    <message>
      <source>&amp;Load recipe …</source>
      <translation>载入配方(&amp;L) …</translation>
    </message>
    <message>
      <source>&amp;Log …</source>
      <translation>日志(&amp;L) …</translation>
    </message>
    <message>
      <source>&amp;Models …</source>
      <translation>模型(&amp;M) …</translation>
    </message>
    <message>
      <source>&amp;Next photo</source>
      <translation>下一张照片(&amp;N)</translation>
    </message>
    <message>
      <source>&amp;Next way to show regions</source>
      <translation>切换区域显示方式(&amp;N)</translation>
    </message>
    <message>
      <source>&amp;Open …</source>
      <translation>打开(&amp;O) …</translation>
    </message>
    <message>
      <source>&amp;Paste as a photo</source>
      <translation>粘贴为照片(&amp;P)</translation>
    </message>
    <message>
      <source>&amp;Paste settings</source>
      <translation>粘贴设置(&amp;P)</translation>
    </message>
    <message>
      <source>&amp;Preferences …</source>
      <translation>首选项(&amp;P) …</translation>
    </message>
    <message>
      <source>&amp;Preview</source>
      <translation>预览(&amp;P)</translation>
    </message>
    <message>
      <source>&amp;Quit</source>
      <translation>退出(&amp;Q)</translation>
    </message>
    <message>
      <source>&amp;Region</source>
      <translation>区域(&amp;R)</translation>
    </message>
    <message>
      <source>&amp;Remove</source>
      <translation>移除(&amp;R)</translation>
    </message>
    <message>
      <source>&amp;Save mask as …</source>
      <translation>蒙版另存为(&amp;S) …</translation>
    </message>
    <message>
      <source>&amp;Save project</source>
      <translation>保存项目(&amp;S)</translation>
    </message>
    <message>
      <source>&amp;Side by side</source>
      <translation>并排显示(&amp;S)</translation>
    </message>
    <message>
      <source>&amp;Suggest</source>
      <translation>建议(&amp;S)</translation>
    </message>
    <message>
      <source>&amp;Take the last photo's settings</source>
      <translation>采用上一张照片的设置(&amp;T)</translation>
    </message>
    <message>
      <source>&amp;Tools</source>
      <translation>工具(&amp;T)</translation>
    </message>
    <message>
      <source>&amp;View</source>
      <translation>视图(&amp;V)</translation>
    </message>
    <message>
      <source>&amp;What's this?</source>
      <translation>这是什么？(&amp;W)</translation>
    </message>
    <message>
      <source>16 bits a channel</source>
      <translation>每通道 16 位</translation>
    </message>
    <message>
      <source>8 bits a channel</source>
      <translation>每通道 8 位</translation>
    </message>
    <message>
      <source>A batch is still running. Interrupt it? The next start goes on with it.</source>
      <translation>批处理仍在运行。要中断吗？下次启动时会继续。</translation>
    </message>
    <message>
      <source>A click with Shift paints a straight line from where the last stroke ended.</source>
      <translation>按住 Shift 点击，会从上一笔的终点画一条直线。</translation>
    </message>
    <message>
      <source>A colour over each region</source>
      <translation>在每个区域上覆盖颜色</translation>
    </message>
    <message>
      <source>A file of that name is there.</source>
      <translation>已有同名文件。</translation>
    </message>
    <message>
      <source>A layer of {host}. Restore what you like, then return it with {keys}.</source>
      <translation>来自 {host} 的图层。修复所需部分后，按 {keys} 返回。</translation>
    </message>
    <message>
      <source>A line along each edge; the active one marches</source>
      <translation>沿每个边缘显示线条；当前区域的线条流动</translation>
    </message>
    <message>
      <source>A model of pip-editor, or a checkpoint of the authors' PIP-Restormer</source>
      <translation>pip-editor 的模型，或原作者的 PIP-Restormer 检查点</translation>
    </message>
    <message>
      <source>A new region: full where the picture is white, empty where black</source>
      <translation>新区域：图片白色处全选，黑色处不选</translation>
    </message>
    <message>
      <source>A new, empty region on top</source>
      <translation>在最上层新建空区域</translation>
    </message>
    <message>
      <source>A photo itself is never replaced</source>
      <translation>照片原件绝不会被替换</translation>
    </message>
    <message>
      <source>A photo pixel on a screen pixel</source>
      <translation>照片的一个像素对应屏幕的一个像素</translation>
    </message>
    <message>
      <source>A region where the sensor finds this damage, which removes as much of it as the sensor is sure of</source>
      <translation>在传感器发现此损伤之处建立区域，按其把握程度去除</translation>
    </message>
    <message>
      <source>About pip-editor</source>
      <translation>关于 pip-editor</translation>
    </message>
    <message>
      <source>Action</source>
      <translation>操作</translation>
    </message>
    <message>
      <source>Actions and their keys</source>
      <translation>操作及其快捷键</translation>
    </message>
    <message>
      <source>Active region as &amp;mask</source>
      <translation>当前区域显示为蒙版(&amp;M)</translation>
    </message>
    <message>
      <source>Add</source>
      <translation>添加</translation>
    </message>
    <message>
      <source>Add &amp;region</source>
      <translation>添加区域(&amp;R)</translation>
    </message>
    <message>
      <source>Add a folder</source>
      <translation>添加文件夹</translation>
    </message>
    <message>
      <source>Add a folder …</source>
      <translation>添加文件夹 …</translation>
    </message>
    <message>
      <source>Add a number</source>
      <translation>加上编号</translation>
    </message>
    <message>
      <source>Add photos</source>
      <translation>添加照片</translation>
    </message>
    <message>
      <source>Add photos or a folder first.</source>
      <translation>请先添加照片或文件夹。</translation>
    </message>
    <message>
      <source>Add photos …</source>
      <translation>添加照片 …</translation>
    </message>
    <message>
      <source>Add region</source>
      <translation>添加区域</translation>
    </message>
    <message>
      <source>Add {name}</source>
      <translation>添加 {name}</translation>
    </message>
    <message>
      <source>All files ({patterns})</source>
      <translation>所有文件 ({patterns})</translation>
    </message>
    <message>
      <source>All keys as they are after installation</source>
      <translation>所有快捷键恢复为安装时的样子</translation>
    </message>
    <message>
      <source>All of the photo</source>
      <translation>显示整张照片</translation>
    </message>
    <message>
      <source>All of these photos are done; add others.</source>
      <translation>这些照片都已完成；请添加其他照片。</translation>
    </message>
    <message>
      <source>All panels where they were at first, and as wide</source>
      <translation>所有面板恢复到最初的位置和宽度</translation>
    </message>
    <message>
      <source>All steps, the latest at the bottom; choose one to go back or forth to it.</source>
      <translation>所有步骤，最近的在最下方；选择其一可前后跳转。</translation>
    </message>
    <message>
      <source>All steps; choose one to go back to it</source>
      <translation>所有步骤；选择其一可返回</translation>
    </message>
    <message>
      <source>An export is still running. Stop it? Nothing half-written is left.</source>
      <translation>导出仍在进行。要停止吗？不会留下写了一半的文件。</translation>
    </message>
    <message>
      <source>Answer</source>
      <translation>回应</translation>
    </message>
    <message>
      <source>Apple graphics</source>
      <translation>Apple 图形处理器</translation>
    </message>
    <message>
      <source>Architecture</source>
      <translation>架构</translation>
    </message>
    <message>
      <source>As fits the device</source>
      <translation>随设备而定</translation>
    </message>
    <message>
      <source>As the photo</source>
      <translation>与照片相同</translation>
    </message>
    <message>
      <source>As the system</source>
      <translation>跟随系统</translation>
    </message>
    <message>
      <source>As the system says</source>
      <translation>按系统设置</translation>
    </message>
    <message>
      <source>Asking the service</source>
      <translation>正在询问服务</translation>
    </message>
    <message>
      <source>Asking the service …</source>
      <translation>正在询问服务 …</translation>
    </message>
    <message>
      <source>Batch</source>
      <translation>批处理</translation>
    </message>
    <message>
      <source>Batch of all</source>
      <translation>全部批处理</translation>
    </message>
    <message>
      <source>Batch: {words}</source>
      <translation>批处理：{words}</translation>
    </message>
    <message>
      <source>Best quality, four times as long</source>
      <translation>最佳质量，耗时四倍</translation>
    </message>
    <message>
      <source>Blended, being confirmed</source>
      <translation>已混合，正在确认</translation>
    </message>
    <message>
      <source>Blocks and ringing of strong compression.</source>
      <translation>强压缩造成的块效应和振铃。</translation>
    </message>
    <message>
      <source>Blue</source>
      <translation>蓝色</translation>
    </message>
    <message>
      <source>Blur</source>
      <translation>模糊</translation>
    </message>
    <message>
      <source>Browse</source>
      <translation>浏览</translation>
    </message>
    <message>
      <source>Browse …</source>
      <translation>浏览 …</translation>
    </message>
    <message>
      <source>Brush</source>
      <translation>画笔</translation>
    </message>
    <message>
      <source>Brush stroke</source>
      <translation>画笔笔触</translation>
    </message>
    <message>
      <source>By how much each pixel was changed, dark blue to yellow</source>
      <translation>每个像素更改了多少，由深蓝到黄</translation>
    </message>
    <message>
      <source>C&amp;lear</source>
      <translation>清空(&amp;L)</translation>
    </message>
    <message>
      <source>C&amp;lipping</source>
      <translation>溢出(&amp;L)</translation>
    </message>
    <message>
      <source>Camera shake in too little light.</source>
      <translation>光线不足时的手抖。</translation>
    </message>
    <message>
      <source>Cancel</source>
      <translation>取消</translation>
    </message>
    <message>
      <source>Changed by, steps of 255</source>
      <translation>更改量（255 级中的级数）</translation>
    </message>
    <message>
      <source>Choose a folder for the results.</source>
      <translation>请选择结果文件夹。</translation>
    </message>
    <message>
      <source>Choose a preset …</source>
      <translation>选择预设 …</translation>
    </message>
    <message>
      <source>Choose another name or folder.</source>
      <translation>请选择其他名称或文件夹。</translation>
    </message>
    <message>
      <source>Choose the region of the next row</source>
      <translation>选择下一行的区域</translation>
    </message>
    <message>
      <source>Choose the region of the row before</source>
      <translation>选择上一行的区域</translation>
    </message>
    <message>
      <source>Clear</source>
      <translation>清空</translation>
    </message>
    <message>
      <source>Click here and press the keys</source>
      <translation>点击此处并按下按键</translation>
    </message>
    <message>
      <source>Click on a brightness, or drag a box from darkest to brightest: everything about as bright is selected.</source>
      <translation>点击某一亮度，或从最暗处拖到最亮处：选取亮度相近的所有部分。</translation>
    </message>
    <message>
      <source>Click on a colour, or drag a box over some: everything of that colour is selected, wherever it is.</source>
      <translation>点击某种颜色，或在若干颜色上拖框：选取各处的该颜色。</translation>
    </message>
    <message>
      <source>Click on a colour: what is joined to it and differs by no more than the tolerance is selected.</source>
      <translation>点击某种颜色：选取与之相连且差异不超过容差的部分。</translation>
    </message>
    <message>
      <source>Click on something to be told what it is</source>
      <translation>点击某处即可了解其用途</translation>
    </message>
    <message>
      <source>Clipped pixels</source>
      <translation>溢出像素</translation>
    </message>
    <message>
      <source>Clipped: {bright} bright, {dark} dark</source>
      <translation>溢出：亮部 {bright}，暗部 {dark}</translation>
    </message>
    <message>
      <source>Close</source>
      <translation>关闭</translation>
    </message>
    <message>
      <source>Close the message</source>
      <translation>关闭消息</translation>
    </message>
    <message>
      <source>Colour of regions</source>
      <translation>区域颜色</translation>
    </message>
    <message>
      <source>Colour profile of the screen</source>
      <translation>屏幕的色彩配置文件</translation>
    </message>
    <message>
      <source>Colour profiles ({patterns})</source>
      <translation>色彩配置文件（{patterns}）</translation>
    </message>
    <message>
      <source>Colour range</source>
      <translation>颜色范围</translation>
    </message>
    <message>
      <source>Colour, outline, mask, in turn</source>
      <translation>依次为颜色、轮廓、蒙版</translation>
    </message>
    <message>
      <source>Colours</source>
      <translation>色彩</translation>
    </message>
    <message>
      <source>Comes from</source>
      <translation>来源</translation>
    </message>
    <message>
      <source>Compute on</source>
      <translation>计算设备</translation>
    </message>
    <message>
      <source>Convert to sRGB</source>
      <translation>转换为 sRGB</translation>
    </message>
    <message>
      <source>Copied: {lines} lines. Read them before you send them.</source>
      <translation>已复制 {lines} 行。发送前请先阅读。</translation>
    </message>
    <message>
      <source>Copy</source>
      <translation>副本</translation>
    </message>
    <message>
      <source>Copy for a bug report</source>
      <translation>复制为错误报告</translation>
    </message>
    <message>
      <source>Copy what the region removes, its strength and its feather</source>
      <translation>复制该区域要去除的内容、强度和羽化</translation>
    </message>
    <message>
      <source>Crashes of the service</source>
      <translation>服务的崩溃</translation>
    </message>
    <message>
      <source>Dark</source>
      <translation>深色</translation>
    </message>
    <message>
      <source>Darkness</source>
      <translation>昏暗</translation>
    </message>
    <message>
      <source>Defaults</source>
      <translation>默认值</translation>
    </message>
    <message>
      <source>Depth</source>
      <translation>位深</translation>
    </message>
    <message>
      <source>Description</source>
      <translation>说明</translation>
    </message>
    <message>
      <source>Detail</source>
      <translation>细节</translation>
    </message>
    <message>
      <source>Diameter in the photo; [ and ]</source>
      <translation>照片中的直径；[ 和 ]</translation>
    </message>
    <message>
      <source>Difference × 8</source>
      <translation>差异 × 8</translation>
    </message>
    <message>
      <source>Disk space for results, so that strength, edges and the next export need no network again; for all programs</source>
      <translation>用于保存结果的磁盘空间，这样调整强度、边缘和再次导出时无需重新运行网络；所有程序共用</translation>
    </message>
    <message>
      <source>Drag a box around a thing, with some background inside: the thing is found and selected.</source>
      <translation>在物体周围拖框并包含一些背景：物体会被识别并选中。</translation>
    </message>
    <message>
      <source>Drag a rectangle; Shift makes it a square, Alt subtracts it.</source>
      <translation>拖出矩形；Shift 变为正方形，Alt 减去。</translation>
    </message>
    <message>
      <source>Drag an ellipse; Shift makes it a circle, Alt subtracts it.</source>
      <translation>拖出椭圆；Shift 变为圆形，Alt 减去。</translation>
    </message>
    <message>
      <source>Drag around it, or click corners and close with a double click or Enter; Alt subtracts.</source>
      <translation>沿轮廓拖动，或点击各角点并以双击或回车闭合；Alt 减去。</translation>
    </message>
    <message>
      <source>Drag from the middle, where the region is full, to the rim, where it ends.</source>
      <translation>从区域最强的中心拖到其结束的边缘。</translation>
    </message>
    <message>
      <source>Drag from where the region is full to where it ends; Shift keeps to eighths of a turn.</source>
      <translation>从区域最强处拖到其结束处；Shift 限制为八分之一圈的角度。</translation>
    </message>
    <message>
      <source>Drag to move the photo; the wheel zooms. Space does the same with any tool.</source>
      <translation>拖动可移动照片，滚轮缩放。使用任何工具时按空格键亦可。</translation>
    </message>
    <message>
      <source>Drop a file here, or</source>
      <translation>将文件拖放到此处，或者</translation>
    </message>
    <message>
      <source>Drop files and folders here</source>
      <translation>将文件和文件夹拖放到此处</translation>
    </message>
    <message>
      <source>Duplicate {name}</source>
      <translation>复制 {name}</translation>
    </message>
    <message>
      <source>Ellipse</source>
      <translation>椭圆</translation>
    </message>
    <message>
      <source>Empty it</source>
      <translation>清空</translation>
    </message>
    <message>
      <source>Empty the region</source>
      <translation>清空该区域</translation>
    </message>
    <message>
      <source>Empty the result cache</source>
      <translation>清空结果缓存</translation>
    </message>
    <message>
      <source>Erase</source>
      <translation>擦除</translation>
    </message>
    <message>
      <source>Eraser</source>
      <translation>橡皮擦</translation>
    </message>
    <message>
      <source>Everything as it is after installation</source>
      <translation>全部恢复为安装时的样子</translation>
    </message>
    <message>
      <source>Everything is looked at in four ways, mirrored, of which the mean is taken: finer above all where there is noise or rain</source>
      <translation>以四种镜像方式处理后取平均：在有噪点或雨水时尤其更细腻</translation>
    </message>
    <message>
      <source>Ex&amp;ports</source>
      <translation>导出队列(&amp;P)</translation>
    </message>
    <message>
      <source>Examining this installation …</source>
      <translation>正在检查此安装 …</translation>
    </message>
    <message>
      <source>Expected error, steps of 255</source>
      <translation>预期误差（0–255 级）</translation>
    </message>
    <message>
      <source>Expected errors</source>
      <translation>预期误差</translation>
    </message>
    <message>
      <source>Export</source>
      <translation>导出</translation>
    </message>
    <message>
      <source>Export of {name}</source>
      <translation>导出 {name}</translation>
    </message>
    <message>
      <source>Exports</source>
      <translation>导出队列</translation>
    </message>
    <message>
      <source>Exports under way and those that wait; pause them, or take one out</source>
      <translation>正在进行和等待中的导出；可暂停或移出</translation>
    </message>
    <message>
      <source>Feather</source>
      <translation>羽化</translation>
    </message>
    <message>
      <source>File</source>
      <translation>文件</translation>
    </message>
    <message>
      <source>Final pixels</source>
      <translation>最终像素</translation>
    </message>
    <message>
      <source>First look</source>
      <translation>初步预览</translation>
    </message>
    <message>
      <source>First look, not the final pixels</source>
      <translation>初步预览，并非最终像素</translation>
    </message>
    <message>
      <source>Foggy landscape</source>
      <translation>雾中风景</translation>
    </message>
    <message>
      <source>Folder for the results</source>
      <translation>结果文件夹</translation>
    </message>
    <message>
      <source>For good; what is done stays</source>
      <translation>彻底停止；已完成的保留</translation>
    </message>
    <message>
      <source>For the preview, exports and batches from now on</source>
      <translation>今后用于预览、导出和批处理</translation>
    </message>
    <message>
      <source>Forget it</source>
      <translation>放弃</translation>
    </message>
    <message>
      <source>Format</source>
      <translation>格式</translation>
    </message>
    <message>
      <source>From 90 on, JPEG keeps full colour resolution</source>
      <translation>从 90 起，JPEG 保留完整的色彩分辨率</translation>
    </message>
    <message>
      <source>From a mask picture</source>
      <translation>来自蒙版图片</translation>
    </message>
    <message>
      <source>From bottom to top; check boxes say which take part, F2 renames.</source>
      <translation>从下到上；复选框表示是否参与，F2 重命名。</translation>
    </message>
    <message>
      <source>Full &amp;screen</source>
      <translation>全屏(&amp;S)</translation>
    </message>
    <message>
      <source>Gain at the edges less that in the middle, dB</source>
      <translation>边缘增益减去中部增益，dB</translation>
    </message>
    <message>
      <source>Give the region the settings that were copied</source>
      <translation>将复制的设置用于该区域</translation>
    </message>
    <message>
      <source>Give up the export that is chosen; nothing half-written is left</source>
      <translation>放弃所选的导出；不会留下未写完的文件</translation>
    </message>
    <message>
      <source>Go on</source>
      <translation>继续</translation>
    </message>
    <message>
      <source>Gradient</source>
      <translation>渐变</translation>
    </message>
    <message>
      <source>Grain, lost focus and old JPEG files of an album.</source>
      <translation>相册中的颗粒、失焦和旧 JPEG 文件。</translation>
    </message>
    <message>
      <source>Gray</source>
      <translation>灰度</translation>
    </message>
    <message>
      <source>Green</source>
      <translation>绿色</translation>
    </message>
    <message>
      <source>Grow</source>
      <translation>扩展</translation>
    </message>
    <message>
      <source>Hardness</source>
      <translation>硬度</translation>
    </message>
    <message>
      <source>Haze</source>
      <translation>雾霾</translation>
    </message>
    <message>
      <source>Haze over the far hills and the noise in it.</source>
      <translation>远山上的雾霾及其中的噪点。</translation>
    </message>
    <message>
      <source>Heat map</source>
      <translation>热图</translation>
    </message>
    <message>
      <source>Hide &amp;all panels</source>
      <translation>隐藏所有面板(&amp;A)</translation>
    </message>
    <message>
      <source>Histogram</source>
      <translation>直方图</translation>
    </message>
    <message>
      <source>Histor&amp;y</source>
      <translation>历史(&amp;Y)</translation>
    </message>
    <message>
      <source>History</source>
      <translation>历史</translation>
    </message>
    <message>
      <source>Hold the key to see the photo as it was</source>
      <translation>按住按键可查看原来的照片</translation>
    </message>
    <message>
      <source>How bright the pixels are that are shown</source>
      <translation>所显示像素的亮度</translation>
    </message>
    <message>
      <source>How far &amp;off it may be</source>
      <translation>可能偏差多少(&amp;F)</translation>
    </message>
    <message>
      <source>How far it is</source>
      <translation>进度</translation>
    </message>
    <message>
      <source>How far off it may be</source>
      <translation>可能偏差多少</translation>
    </message>
    <message>
      <source>How far off it may be: not known yet</source>
      <translation>可能偏差多少：尚未得出</translation>
    </message>
    <message>
      <source>How far result and original differ, eight times as bright</source>
      <translation>结果与原图的差异，放大八倍亮度</translation>
    </message>
    <message>
      <source>How far the photo's edge may be, px of the photo</source>
      <translation>照片边缘可在多远之内（照片像素）</translation>
    </message>
    <message>
      <source>How far, px of the photo</source>
      <translation>多远（照片像素）</translation>
    </message>
    <message>
      <source>How much</source>
      <translation>程度</translation>
    </message>
    <message>
      <source>How much a stroke selects</source>
      <translation>一笔选取的程度</translation>
    </message>
    <message>
      <source>How much of the change is kept</source>
      <translation>保留多少改动</translation>
    </message>
    <message>
      <source>How sharp the brush's edge is</source>
      <translation>画笔边缘的锐利程度</translation>
    </message>
    <message>
      <source>How softly the region's edge fades</source>
      <translation>区域边缘过渡的柔和程度</translation>
    </message>
    <message>
      <source>How sure the sensor is</source>
      <translation>传感器的把握</translation>
    </message>
    <message>
      <source>How sure the sensor is, on the whole photo: {words}.</source>
      <translation>传感器对整张照片的把握：{words}。</translation>
    </message>
    <message>
      <source>How sure the sensor is, within “{name}”: {words}.</source>
      <translation>传感器在“{name}”中的把握：{words}。</translation>
    </message>
    <message>
      <source>How unlike what is picked may be and still be selected</source>
      <translation>与所选颜色相差多少仍会被选取</translation>
    </message>
    <message>
      <source>If a file is there</source>
      <translation>若文件已存在</translation>
    </message>
    <message>
      <source>Import a model</source>
      <translation>导入模型</translation>
    </message>
    <message>
      <source>Import one, or use another</source>
      <translation>导入或改用其他模型</translation>
    </message>
    <message>
      <source>Import …</source>
      <translation>导入 …</translation>
    </message>
    <message>
      <source>Importing {name} …</source>
      <translation>正在导入 {name} …</translation>
    </message>
    <message>
      <source>In place of the keys that it has</source>
      <translation>替换现有的快捷键</translation>
    </message>
    <message>
      <source>In place of the six sliders of the whole photo; its strength is kept</source>
      <translation>取代整张照片的六个滑块；其强度保留</translation>
    </message>
    <message>
      <source>In whose colours photos are shown; sRGB unless you know better</source>
      <translation>照片按其色彩显示；若不清楚请选 sRGB</translation>
    </message>
    <message>
      <source>Intel graphics card</source>
      <translation>Intel 显卡</translation>
    </message>
    <message>
      <source>Interrupt the batch?</source>
      <translation>中断批处理？</translation>
    </message>
    <message>
      <source>Intersect</source>
      <translation>相交</translation>
    </message>
    <message>
      <source>Intersect by a stroke</source>
      <translation>用笔触取交集</translation>
    </message>
    <message>
      <source>Invert</source>
      <translation>反转</translation>
    </message>
    <message>
      <source>It has ended the program twice. Save it anew with another program.</source>
      <translation>它已两次使程序终止。请用其他程序重新保存它。</translation>
    </message>
    <message>
      <source>It leaves clean parts alone, which is turned on in the preferences now.</source>
      <translation>它会保留干净的部分不动，该选项现已在首选项中打开。</translation>
    </message>
    <message>
      <source>It may hold {name} and {number}.</source>
      <translation>其中可以含有 {name} 和 {number}。</translation>
    </message>
    <message>
      <source>It will be called {name}.</source>
      <translation>它将命名为 {name}。</translation>
    </message>
    <message>
      <source>JPEG artefacts</source>
      <translation>JPEG 伪影</translation>
    </message>
    <message>
      <source>Keep</source>
      <translation>保留</translation>
    </message>
    <message>
      <source>Keep EXIF, XMP and IPTC</source>
      <translation>保留 EXIF、XMP 和 IPTC</translation>
    </message>
    <message>
      <source>Keep these regions for other photos</source>
      <translation>保存这些区域供其他照片使用</translation>
    </message>
    <message>
      <source>Keys</source>
      <translation>快捷键</translation>
    </message>
    <message>
      <source>Language</source>
      <translation>语言</translation>
    </message>
    <message>
      <source>Larger brush</source>
      <translation>加大画笔</translation>
    </message>
    <message>
      <source>Lasso</source>
      <translation>套索</translation>
    </message>
    <message>
      <source>Lay &amp;over the next</source>
      <translation>置于下一个之上(&amp;O)</translation>
    </message>
    <message>
      <source>Lay &amp;under the one before</source>
      <translation>置于前一个之下(&amp;U)</translation>
    </message>
    <message>
      <source>Lay a saved recipe over this photo</source>
      <translation>将已保存的配方应用到此照片</translation>
    </message>
    <message>
      <source>Leave clean parts alone</source>
      <translation>保留干净的部分不动</translation>
    </message>
    <message>
      <source>Left out, since this photo has another size and they are painted by hand: {names}.</source>
      <translation>此照片尺寸不同，以下手工绘制的区域未采用：{names}。</translation>
    </message>
    <message>
      <source>Let exports wait; what is finished of one is kept for going on</source>
      <translation>让导出等待；已完成的部分会保留以便继续</translation>
    </message>
    <message>
      <source>Let the sensor decide what is wrong, anew on each photo</source>
      <translation>让传感器对每张照片重新判断问题</translation>
    </message>
    <message>
      <source>Let the sensor say what is wrong with the whole photo</source>
      <translation>让传感器判断整张照片的问题</translation>
    </message>
    <message>
      <source>Let the sensor say what is wrong within the region</source>
      <translation>让传感器检测该区域的问题</translation>
    </message>
    <message>
      <source>Licence of the weights</source>
      <translation>权重许可证</translation>
    </message>
    <message>
      <source>Light</source>
      <translation>浅色</translation>
    </message>
    <message>
      <source>Load another …</source>
      <translation>载入其他 …</translation>
    </message>
    <message>
      <source>Load recipe</source>
      <translation>载入配方</translation>
    </message>
    <message>
      <source>Loading the network</source>
      <translation>正在载入网络</translation>
    </message>
    <message>
      <source>Log</source>
      <translation>日志</translation>
    </message>
    <message>
      <source>Look</source>
      <translation>外观</translation>
    </message>
    <message>
      <source>Look for an action or a key</source>
      <translation>查找操作或按键</translation>
    </message>
    <message>
      <source>Look for it</source>
      <translation>查找</translation>
    </message>
    <message>
      <source>Look, service and safety</source>
      <translation>外观、服务与安全</translation>
    </message>
    <message>
      <source>Looking for damage</source>
      <translation>正在查找损伤</translation>
    </message>
    <message>
      <source>Lower rows lie over higher ones, the other way round than layers in GIMP and Krita</source>
      <translation>下方的行覆盖上方的行，与 GIMP 和 Krita 的图层顺序相反</translation>
    </message>
    <message>
      <source>Lower rows lie over higher ones; drag them to change that.</source>
      <translation>下方的行覆盖上方的行；拖动可改变顺序。</translation>
    </message>
    <message>
      <source>Magic wand</source>
      <translation>魔棒</translation>
    </message>
    <message>
      <source>Make a region</source>
      <translation>生成区域</translation>
    </message>
    <message>
      <source>Mask picture</source>
      <translation>蒙版图片</translation>
    </message>
    <message>
      <source>Measured</source>
      <translation>测量结果</translation>
    </message>
    <message>
      <source>Message</source>
      <translation>消息</translation>
    </message>
    <message>
      <source>Metadata</source>
      <translation>元数据</translation>
    </message>
    <message>
      <source>Mix</source>
      <translation>混合</translation>
    </message>
    <message>
      <source>Model</source>
      <translation>模型</translation>
    </message>
    <message>
      <source>Models</source>
      <translation>模型</translation>
    </message>
    <message>
      <source>Models ({patterns})</source>
      <translation>模型 ({patterns})</translation>
    </message>
    <message>
      <source>Models …</source>
      <translation>模型 …</translation>
    </message>
    <message>
      <source>Move</source>
      <translation>移动</translation>
    </message>
    <message>
      <source>Move the region's edge inwards</source>
      <translation>将区域边缘向内移动</translation>
    </message>
    <message>
      <source>Move the region's edge inwards; where the region reaches the photo's edge, it still does.</source>
      <translation>将区域边缘向内移动；区域触及照片边缘之处保持不变。</translation>
    </message>
    <message>
      <source>Move the region's edge outwards</source>
      <translation>将区域边缘向外移动</translation>
    </message>
    <message>
      <source>Move the region's edge outwards.</source>
      <translation>将区域边缘向外移动。</translation>
    </message>
    <message>
      <source>Move the region's edge to the nearest edge in the photo</source>
      <translation>将区域边缘移到照片中最近的边缘</translation>
    </message>
    <message>
      <source>Move the region's edge to the nearest edge in the photo.</source>
      <translation>将区域边缘移到照片中最近的边缘。</translation>
    </message>
    <message>
      <source>Move {name}</source>
      <translation>移动 {name}</translation>
    </message>
    <message>
      <source>NVIDIA or AMD graphics card</source>
      <translation>NVIDIA 或 AMD 显卡</translation>
    </message>
    <message>
      <source>Name</source>
      <translation>名称</translation>
    </message>
    <message>
      <source>Names</source>
      <translation>文件名</translation>
    </message>
    <message>
      <source>Ne&amp;xt region</source>
      <translation>下一个区域(&amp;X)</translation>
    </message>
    <message>
      <source>Networks that restore: their licences, figures, and which one to use</source>
      <translation>用于修复的网络：许可证、数据以及使用哪一个</translation>
    </message>
    <message>
      <source>Night phone photo</source>
      <translation>夜间手机照片</translation>
    </message>
    <message>
      <source>No heat map</source>
      <translation>无热图</translation>
    </message>
    <message>
      <source>No key</source>
      <translation>无快捷键</translation>
    </message>
    <message>
      <source>No photo comes after {name} in its folder.</source>
      <translation>文件夹中 {name} 之后没有照片。</translation>
    </message>
    <message>
      <source>No photo comes before {name} in its folder.</source>
      <translation>文件夹中 {name} 之前没有照片。</translation>
    </message>
    <message>
      <source>No region removes anything yet: move a slider, choose a preset, or ask for a suggestion.</source>
      <translation>目前没有区域去除任何损伤：请移动滑块、选择预设或请求建议。</translation>
    </message>
    <message>
      <source>Noise</source>
      <translation>噪点</translation>
    </message>
    <message>
      <source>None yet</source>
      <translation>暂无</translation>
    </message>
    <message>
      <source>Not restored yet</source>
      <translation>尚未修复</translation>
    </message>
    <message>
      <source>Nothing but the photo; once more brings them back</source>
      <translation>只留下照片；再按一次恢复</translation>
    </message>
    <message>
      <source>Nothing can be written into {name}.</source>
      <translation>无法写入 {name}。</translation>
    </message>
    <message>
      <source>Nothing is noted here.</source>
      <translation>这里没有记录。</translation>
    </message>
    <message>
      <source>Nothing was lost: there are no regions of a program that ended unexpectedly.</source>
      <translation>没有丢失任何内容：不存在意外结束的程序留下的区域。</translation>
    </message>
    <message>
      <source>Nothing was set yet on a photo before this one.</source>
      <translation>在此之前的照片上尚未进行任何设置。</translation>
    </message>
    <message>
      <source>Of JPEG and WebP</source>
      <translation>适用于 JPEG 和 WebP</translation>
    </message>
    <message>
      <source>Of PNG and TIFF</source>
      <translation>适用于 PNG 和 TIFF</translation>
    </message>
    <message>
      <source>Of the region that is worked on; others are drawn fainter</source>
      <translation>指正在处理的区域；其他区域显示得更淡</translation>
    </message>
    <message>
      <source>Of unsaved work, for the case that the program or the machine ends unexpectedly</source>
      <translation>未保存的工作，以防程序或电脑意外中止</translation>
    </message>
    <message>
      <source>Of {count} files, the first is opened.</source>
      <translation>共 {count} 个文件，已打开第一个。</translation>
    </message>
    <message>
      <source>Old scan</source>
      <translation>旧扫描件</translation>
    </message>
    <message>
      <source>On each photo, where the sensor finds nothing of what is to be removed; at first as in the preferences</source>
      <translation>适用于每张照片中传感器未发现待去除问题的部分；初始与首选项相同</translation>
    </message>
    <message>
      <source>One for each</source>
      <translation>各不相同</translation>
    </message>
    <message>
      <source>Only what lies in the region and in the shape stays</source>
      <translation>只保留同时位于区域和形状内的部分</translation>
    </message>
    <message>
      <source>Opacity</source>
      <translation>不透明度</translation>
    </message>
    <message>
      <source>Opacity of regions</source>
      <translation>区域不透明度</translation>
    </message>
    <message>
      <source>Open</source>
      <translation>打开</translation>
    </message>
    <message>
      <source>Open &amp;recent</source>
      <translation>最近打开(&amp;R)</translation>
    </message>
    <message>
      <source>Open a photo</source>
      <translation>打开照片</translation>
    </message>
    <message>
      <source>Open a photo or a project</source>
      <translation>打开照片或项目</translation>
    </message>
    <message>
      <source>Open a photo …</source>
      <translation>打开照片 …</translation>
    </message>
    <message>
      <source>Open a photo, paint what is damaged, say how.</source>
      <translation>打开照片，涂出受损处，说明损伤种类。</translation>
    </message>
    <message>
      <source>Open another …</source>
      <translation>打开其他 …</translation>
    </message>
    <message>
      <source>Open it again</source>
      <translation>重新打开</translation>
    </message>
    <message>
      <source>Open the next photo of the folder</source>
      <translation>打开文件夹中的下一张照片</translation>
    </message>
    <message>
      <source>Open the photo before this one in the folder</source>
      <translation>打开文件夹中此照片之前的一张</translation>
    </message>
    <message>
      <source>Open the picture or the file that the clipboard holds</source>
      <translation>打开剪贴板中的图片或文件</translation>
    </message>
    <message>
      <source>Open {label}</source>
      <translation>打开 {label}</translation>
    </message>
    <message>
      <source>Opening {name} …</source>
      <translation>正在打开 {name} …</translation>
    </message>
    <message>
      <source>Orange</source>
      <translation>橙色</translation>
    </message>
    <message>
      <source>Original</source>
      <translation>原图</translation>
    </message>
    <message>
      <source>Original left, result right of a line that can be dragged</source>
      <translation>可拖动的分界线，左边为原图，右边为结果</translation>
    </message>
    <message>
      <source>Original left, result right, moved and zoomed together</source>
      <translation>左为原图，右为结果，同步移动和缩放</translation>
    </message>
    <message>
      <source>Over how much more the selection fades</source>
      <translation>选区在多大范围内逐渐消退</translation>
    </message>
    <message>
      <source>PSNR of the damaged photos, dB</source>
      <translation>受损照片的 PSNR（dB）</translation>
    </message>
    <message>
      <source>PSNR, dB</source>
      <translation>PSNR（dB）</translation>
    </message>
    <message>
      <source>Paint where the region lies. [ and ] change the size, Alt erases.</source>
      <translation>涂出区域所在。[ 和 ] 改变大小，Alt 擦除。</translation>
    </message>
    <message>
      <source>Painted by hand, and so for this photo only: {names}.</source>
      <translation>手工绘制，因此仅适用于此照片：{names}。</translation>
    </message>
    <message>
      <source>Painted by hand, and so for this photo only: {names}. Regions drawn with shapes and gradients are kept.</source>
      <translation>手工绘制，因此仅适用于此照片：{names}。用形状和渐变绘制的区域会保留。</translation>
    </message>
    <message>
      <source>Parts of a photo in which the sensor finds nothing of what is to be removed keep their pixels and take no time; for noise and JPEG above all</source>
      <translation>传感器未发现待去除问题的部分保持原有像素，也不耗费时间；主要适用于噪点和 JPEG</translation>
    </message>
    <message>
      <source>Pause</source>
      <translation>暂停</translation>
    </message>
    <message>
      <source>Photo</source>
      <translation>照片</translation>
    </message>
    <message>
      <source>Photo opened</source>
      <translation>打开照片</translation>
    </message>
    <message>
      <source>Photos</source>
      <translation>照片</translation>
    </message>
    <message>
      <source>Photos and projects ({patterns})</source>
      <translation>照片和项目 ({patterns})</translation>
    </message>
    <message>
      <source>Photos are being restored</source>
      <translation>正在修复照片</translation>
    </message>
    <message>
      <source>Picture from the web</source>
      <translation>网络图片</translation>
    </message>
    <message>
      <source>Pictures ({patterns})</source>
      <translation>图片 ({patterns})</translation>
    </message>
    <message>
      <source>Pixels of the photo, above it and on its left</source>
      <translation>照片上方和左侧的像素标尺</translation>
    </message>
    <message>
      <source>Pre&amp;vious photo</source>
      <translation>上一张照片(&amp;V)</translation>
    </message>
    <message>
      <source>Pre&amp;vious region</source>
      <translation>上一个区域(&amp;V)</translation>
    </message>
    <message>
      <source>Precision</source>
      <translation>精度</translation>
    </message>
    <message>
      <source>Preferences</source>
      <translation>首选项</translation>
    </message>
    <message>
      <source>Preset</source>
      <translation>预设</translation>
    </message>
    <message>
      <source>Preset: {name}</source>
      <translation>预设：{name}</translation>
    </message>
    <message>
      <source>Press the new keys</source>
      <translation>按下新的按键</translation>
    </message>
    <message>
      <source>Preview</source>
      <translation>预览</translation>
    </message>
    <message>
      <source>Processor</source>
      <translation>处理器</translation>
    </message>
    <message>
      <source>Profile …</source>
      <translation>配置文件…</translation>
    </message>
    <message>
      <source>Progress</source>
      <translation>进度</translation>
    </message>
    <message>
      <source>Progress of the batch</source>
      <translation>批处理进度</translation>
    </message>
    <message>
      <source>Projects of pip-editor ({patterns})</source>
      <translation>pip-editor 项目 ({patterns})</translation>
    </message>
    <message>
      <source>Purple</source>
      <translation>紫色</translation>
    </message>
    <message>
      <source>Put the regions of the photo before, and what they remove, in the place of this one's</source>
      <translation>用上一张照片的区域及其去除内容替换此照片的区域</translation>
    </message>
    <message>
      <source>Quality</source>
      <translation>质量</translation>
    </message>
    <message>
      <source>R&amp;ulers</source>
      <translation>标尺(&amp;U)</translation>
    </message>
    <message>
      <source>Radial gradient</source>
      <translation>径向渐变</translation>
    </message>
    <message>
      <source>Radius</source>
      <translation>半径</translation>
    </message>
    <message>
      <source>Rain</source>
      <translation>雨</translation>
    </message>
    <message>
      <source>Rain streaks and the mist between them.</source>
      <translation>雨丝及其间的薄雾。</translation>
    </message>
    <message>
      <source>Rainy street</source>
      <translation>雨中街道</translation>
    </message>
    <message>
      <source>Re&amp;name</source>
      <translation>重命名(&amp;N)</translation>
    </message>
    <message>
      <source>Re&amp;store</source>
      <translation>修复(&amp;S)</translation>
    </message>
    <message>
      <source>Re&amp;turn to the host</source>
      <translation>返回宿主程序(&amp;T)</translation>
    </message>
    <message>
      <source>Re&amp;turn to {host}</source>
      <translation>返回 {host}(&amp;T)</translation>
    </message>
    <message>
      <source>Read again</source>
      <translation>重新读取</translation>
    </message>
    <message>
      <source>Reading the picture</source>
      <translation>正在读取图片</translation>
    </message>
    <message>
      <source>Rec&amp;over …</source>
      <translation>恢复(&amp;O) …</translation>
    </message>
    <message>
      <source>Recent</source>
      <translation>最近</translation>
    </message>
    <message>
      <source>Recipe</source>
      <translation>配方</translation>
    </message>
    <message>
      <source>Recipe {name}</source>
      <translation>配方 {name}</translation>
    </message>
    <message>
      <source>Recipe …</source>
      <translation>配方 …</translation>
    </message>
    <message>
      <source>Recipes ({patterns})</source>
      <translation>配方 ({patterns})</translation>
    </message>
    <message>
      <source>Recover them</source>
      <translation>恢复</translation>
    </message>
    <message>
      <source>Rectangle</source>
      <translation>矩形</translation>
    </message>
    <message>
      <source>Red</source>
      <translation>红色</translation>
    </message>
    <message>
      <source>Red where a channel is full, blue where all are empty</source>
      <translation>某一通道饱和处为红色，所有通道为空处为蓝色</translation>
    </message>
    <message>
      <source>Redo</source>
      <translation>重做</translation>
    </message>
    <message>
      <source>Refine &amp;edge …</source>
      <translation>细化边缘(&amp;E) …</translation>
    </message>
    <message>
      <source>Refine edge</source>
      <translation>细化边缘</translation>
    </message>
    <message>
      <source>Region of a heat map</source>
      <translation>热图区域</translation>
    </message>
    <message>
      <source>Region {number}</source>
      <translation>区域 {number}</translation>
    </message>
    <message>
      <source>Regions</source>
      <translation>区域</translation>
    </message>
    <message>
      <source>Regions as &amp;colour</source>
      <translation>区域显示为颜色(&amp;C)</translation>
    </message>
    <message>
      <source>Regions as &amp;outline</source>
      <translation>区域显示为轮廓(&amp;O)</translation>
    </message>
    <message>
      <source>Regions of a program that ended unexpectedly</source>
      <translation>意外结束的程序留下的区域</translation>
    </message>
    <message>
      <source>Remove</source>
      <translation>去除</translation>
    </message>
    <message>
      <source>Remove in “{name}”</source>
      <translation>在“{name}”中去除</translation>
    </message>
    <message>
      <source>Remove the region</source>
      <translation>移除该区域</translation>
    </message>
    <message>
      <source>Remove what was kept of {name} for good?</source>
      <translation>要永久删除为 {name} 保留的内容吗？</translation>
    </message>
    <message>
      <source>Remove {damage}</source>
      <translation>去除{damage}</translation>
    </message>
    <message>
      <source>Remove {name}</source>
      <translation>移除 {name}</translation>
    </message>
    <message>
      <source>Removes</source>
      <translation>可去除</translation>
    </message>
    <message>
      <source>Removes {mix}</source>
      <translation>去除 {mix}</translation>
    </message>
    <message>
      <source>Replace it</source>
      <translation>替换</translation>
    </message>
    <message>
      <source>Replace the file?</source>
      <translation>替换文件？</translation>
    </message>
    <message>
      <source>Rese&amp;t panels</source>
      <translation>重置面板(&amp;T)</translation>
    </message>
    <message>
      <source>Reset</source>
      <translation>重置</translation>
    </message>
    <message>
      <source>Reset all</source>
      <translation>全部重置</translation>
    </message>
    <message>
      <source>Restoration</source>
      <translation>修复</translation>
    </message>
    <message>
      <source>Restore</source>
      <translation>修复</translation>
    </message>
    <message>
      <source>Restore by</source>
      <translation>修复依据</translation>
    </message>
    <message>
      <source>Restore many photos, one after the other</source>
      <translation>逐张修复多张照片</translation>
    </message>
    <message>
      <source>Restore other photos as this one</source>
      <translation>照此修复其他照片</translation>
    </message>
    <message>
      <source>Restore the whole photo into a new file</source>
      <translation>修复整张照片并存为新文件</translation>
    </message>
    <message>
      <source>Restore, and put the result above the layer it is from</source>
      <translation>修复，并将结果放在原图层上方</translation>
    </message>
    <message>
      <source>Restored</source>
      <translation>修复后</translation>
    </message>
    <message>
      <source>Restored as this project says, not as the preferences do: {differences}.</source>
      <translation>按此项目而非首选项进行修复：{differences}。</translation>
    </message>
    <message>
      <source>Restoring</source>
      <translation>正在修复</translation>
    </message>
    <message>
      <source>Result</source>
      <translation>结果</translation>
    </message>
    <message>
      <source>Result cache</source>
      <translation>结果缓存</translation>
    </message>
    <message>
      <source>Results lie in subfolders of the same names</source>
      <translation>结果存放在同名子文件夹中</translation>
    </message>
    <message>
      <source>Retry</source>
      <translation>重试</translation>
    </message>
    <message>
      <source>Return to {host}</source>
      <translation>返回 {host}</translation>
    </message>
    <message>
      <source>Return to {host}?</source>
      <translation>返回 {host}？</translation>
    </message>
    <message>
      <source>Ruler across</source>
      <translation>水平标尺</translation>
    </message>
    <message>
      <source>Ruler down</source>
      <translation>垂直标尺</translation>
    </message>
    <message>
      <source>S&amp;hrink …</source>
      <translation>收缩(&amp;H) …</translation>
    </message>
    <message>
      <source>SSIM</source>
      <translation>SSIM</translation>
    </message>
    <message>
      <source>SSIM of the damaged photos</source>
      <translation>受损照片的 SSIM</translation>
    </message>
    <message>
      <source>Safety</source>
      <translation>安全</translation>
    </message>
    <message>
      <source>Samples</source>
      <translation>示例</translation>
    </message>
    <message>
      <source>Sav&amp;ed recipes</source>
      <translation>已保存的配方(&amp;E)</translation>
    </message>
    <message>
      <source>Save a copy every</source>
      <translation>保存副本间隔</translation>
    </message>
    <message>
      <source>Save as &amp;recipe …</source>
      <translation>另存为配方(&amp;R) …</translation>
    </message>
    <message>
      <source>Save as recipe</source>
      <translation>另存为配方</translation>
    </message>
    <message>
      <source>Save mask</source>
      <translation>保存蒙版</translation>
    </message>
    <message>
      <source>Save project</source>
      <translation>保存项目</translation>
    </message>
    <message>
      <source>Save project &amp;as …</source>
      <translation>项目另存为(&amp;A) …</translation>
    </message>
    <message>
      <source>Save recipe</source>
      <translation>保存配方</translation>
    </message>
    <message>
      <source>Save regions and mixes; the photo stays as it is</source>
      <translation>保存区域和混合；照片保持原样</translation>
    </message>
    <message>
      <source>Save under another name</source>
      <translation>以其他名称保存</translation>
    </message>
    <message>
      <source>Save …</source>
      <translation>保存 …</translation>
    </message>
    <message>
      <source>Saved: {name}</source>
      <translation>已保存：{name}</translation>
    </message>
    <message>
      <source>Saved: {path}. It can be read again here, and by pip-editor restore --region.</source>
      <translation>已保存：{path}。可在此处重新读入，也可用于 pip-editor restore --region。</translation>
    </message>
    <message>
      <source>Saved: {path}. It can be used on other photos here, in a batch, and by pip-editor restore --recipe.</source>
      <translation>已保存：{path}。可在此处、批处理中以及通过 pip-editor restore --recipe 用于其他照片。</translation>
    </message>
    <message>
      <source>Screen</source>
      <translation>屏幕</translation>
    </message>
    <message>
      <source>Seam score</source>
      <translation>接缝分数</translation>
    </message>
    <message>
      <source>Select what the region leaves out</source>
      <translation>选取区域之外的部分</translation>
    </message>
    <message>
      <source>Set the six sliders for a common kind of photo</source>
      <translation>按常见照片类型设置六个滑块</translation>
    </message>
    <message>
      <source>Settings</source>
      <translation>设置</translation>
    </message>
    <message>
      <source>Settings of {name}</source>
      <translation>{name} 的设置</translation>
    </message>
    <message>
      <source>Shaky hands</source>
      <translation>手抖</translation>
    </message>
    <message>
      <source>Shape</source>
      <translation>形状</translation>
    </message>
    <message>
      <source>Show</source>
      <translation>显示</translation>
    </message>
    <message>
      <source>Show &amp;regions</source>
      <translation>显示区域(&amp;R)</translation>
    </message>
    <message>
      <source>Show in folder</source>
      <translation>在文件夹中显示</translation>
    </message>
    <message>
      <source>Show or hide regions; over the result they are hidden at first</source>
      <translation>显示或隐藏区域；在结果上初始为隐藏</translation>
    </message>
    <message>
      <source>Show over the photo where the sensor finds this damage</source>
      <translation>在照片上显示传感器在何处发现此损伤</translation>
    </message>
    <message>
      <source>Show the &amp;original while held</source>
      <translation>按住时显示原图(&amp;O)</translation>
    </message>
    <message>
      <source>Show the batch</source>
      <translation>显示批处理</translation>
    </message>
    <message>
      <source>Show the result, and keep it up to date; regions step aside</source>
      <translation>显示结果并保持更新；区域会让开</translation>
    </message>
    <message>
      <source>Shrink</source>
      <translation>收缩</translation>
    </message>
    <message>
      <source>Size</source>
      <translation>大小</translation>
    </message>
    <message>
      <source>Skip the photo</source>
      <translation>跳过该照片</translation>
    </message>
    <message>
      <source>Sky blue</source>
      <translation>天蓝色</translation>
    </message>
    <message>
      <source>Smaller brush</source>
      <translation>缩小画笔</translation>
    </message>
    <message>
      <source>Smart select</source>
      <translation>智能选择</translation>
    </message>
    <message>
      <source>Softness</source>
      <translation>柔和度</translation>
    </message>
    <message>
      <source>Something went wrong in the program itself. It goes on; unsaved work is copied.</source>
      <translation>程序自身出现了错误。程序继续运行；未保存的工作会被复制。</translation>
    </message>
    <message>
      <source>Start</source>
      <translation>开始</translation>
    </message>
    <message>
      <source>Starting</source>
      <translation>正在开始</translation>
    </message>
    <message>
      <source>Starting the restoration service</source>
      <translation>正在启动修复服务</translation>
    </message>
    <message>
      <source>State</source>
      <translation>状态</translation>
    </message>
    <message>
      <source>Stop</source>
      <translation>停止</translation>
    </message>
    <message>
      <source>Stop the export?</source>
      <translation>停止导出？</translation>
    </message>
    <message>
      <source>Stop what is being done (Esc)</source>
      <translation>停止当前操作 (Esc)</translation>
    </message>
    <message>
      <source>Stopping …</source>
      <translation>正在停止 …</translation>
    </message>
    <message>
      <source>Strength</source>
      <translation>强度</translation>
    </message>
    <message>
      <source>Subtract</source>
      <translation>减去</translation>
    </message>
    <message>
      <source>Suggest</source>
      <translation>建议</translation>
    </message>
    <message>
      <source>Suggest for the re&amp;gion</source>
      <translation>为区域建议(&amp;G)</translation>
    </message>
    <message>
      <source>Suggestion</source>
      <translation>建议</translation>
    </message>
    <message>
      <source>Switch it on</source>
      <translation>打开它</translation>
    </message>
    <message>
      <source>Take away from the region. [ and ] change the size.</source>
      <translation>从区域中擦去。[ 和 ] 改变大小。</translation>
    </message>
    <message>
      <source>Take it</source>
      <translation>采用</translation>
    </message>
    <message>
      <source>Take its keys away</source>
      <translation>取消其快捷键</translation>
    </message>
    <message>
      <source>Take out</source>
      <translation>移出</translation>
    </message>
    <message>
      <source>Takes effect at the next start</source>
      <translation>下次启动时生效</translation>
    </message>
    <message>
      <source>The batch is done: {done} photos.</source>
      <translation>批处理已完成：{done} 张照片。</translation>
    </message>
    <message>
      <source>The best there is</source>
      <translation>最佳可用设备</translation>
    </message>
    <message>
      <source>The clipboard holds no picture and no file.</source>
      <translation>剪贴板中没有图片或文件。</translation>
    </message>
    <message>
      <source>The colour profile {name} cannot be read.</source>
      <translation>无法读取色彩配置文件 {name}。</translation>
    </message>
    <message>
      <source>The error to be expected of each part of the result, dark blue to yellow</source>
      <translation>结果各处的预期误差，由深蓝到黄色</translation>
    </message>
    <message>
      <source>The export under way, and those that wait, in their order.</source>
      <translation>正在进行的导出以及按顺序等待的导出。</translation>
    </message>
    <message>
      <source>The file says nothing of it.</source>
      <translation>文件中没有说明。</translation>
    </message>
    <message>
      <source>The folder {name} cannot be shown.</source>
      <translation>无法显示文件夹 {name}。</translation>
    </message>
    <message>
      <source>The folder {name} is not there.</source>
      <translation>文件夹 {name} 不存在。</translation>
    </message>
    <message>
      <source>The higher, the fainter an edge of the photo may be</source>
      <translation>数值越高，照片边缘可以越微弱</translation>
    </message>
    <message>
      <source>The keys that it came with</source>
      <translation>原有的快捷键</translation>
    </message>
    <message>
      <source>The last batch was interrupted; {count} photos are left. Start goes on with them.</source>
      <translation>上次批处理被中断，还剩 {count} 张照片。点击“开始”继续。</translation>
    </message>
    <message>
      <source>The log tells more.</source>
      <translation>日志中有更多信息。</translation>
    </message>
    <message>
      <source>The model {name} of this project is not installed; the one of the preferences restores it.</source>
      <translation>此项目的模型 {name} 未安装；将使用首选项中的模型进行修复。</translation>
    </message>
    <message>
      <source>The name must end in one of these: {suffixes}.</source>
      <translation>文件名必须以下列之一结尾：{suffixes}。</translation>
    </message>
    <message>
      <source>The photo and its regions. Tools work here; the wheel zooms, Space and a drag move.</source>
      <translation>照片及其区域。工具在此使用；滚轮缩放，按空格拖动可移动。</translation>
    </message>
    <message>
      <source>The photo as it was, beside the result; the wheel zooms both, a drag moves both.</source>
      <translation>原来的照片，与结果并列；滚轮同时缩放两者，拖动同时移动两者。</translation>
    </message>
    <message>
      <source>The photo was closed, or another one opened, meanwhile.</source>
      <translation>期间照片已关闭或打开了另一张。</translation>
    </message>
    <message>
      <source>The photo {name} of this project is not where it was.</source>
      <translation>此项目的照片 {name} 已不在原处。</translation>
    </message>
    <message>
      <source>The photos that are chosen in the list</source>
      <translation>列表中选中的照片</translation>
    </message>
    <message>
      <source>The program ended unexpectedly; the regions of {name} were kept.</source>
      <translation>程序意外结束；{name} 的区域已保留。</translation>
    </message>
    <message>
      <source>The recipe “{name}” has taken the place of the regions; undo brings them back.</source>
      <translation>配方“{name}”已取代各区域；撤销可恢复。</translation>
    </message>
    <message>
      <source>The region is empty: paint what the sensor is to look at.</source>
      <translation>该区域为空：请先绘制要让传感器检测的部分。</translation>
    </message>
    <message>
      <source>The region is empty: there is no mask to save.</source>
      <translation>区域为空：没有可保存的蒙版。</translation>
    </message>
    <message>
      <source>The regions have changed since they were saved. Save them as a project?</source>
      <translation>区域自上次保存后已更改。要保存为项目吗？</translation>
    </message>
    <message>
      <source>The resolution is always kept.</source>
      <translation>分辨率始终保留。</translation>
    </message>
    <message>
      <source>The same mask and settings once more</source>
      <translation>再来一份相同的蒙版和设置</translation>
    </message>
    <message>
      <source>The sensor finds nothing of that anywhere in this photo.</source>
      <translation>传感器在这张照片中没有发现此损伤。</translation>
    </message>
    <message>
      <source>The sensor finds nothing to remove in this photo.</source>
      <translation>传感器在此照片中未发现需要去除的损伤。</translation>
    </message>
    <message>
      <source>The sensor finds nothing to remove in “{name}”.</source>
      <translation>传感器在“{name}”中未发现需要去除的内容。</translation>
    </message>
    <message>
      <source>The sensor finds nothing to remove.</source>
      <translation>传感器未发现需要去除的损伤。</translation>
    </message>
    <message>
      <source>The sensor proposes for the whole photo: {mix}.</source>
      <translation>传感器对整张照片的建议：{mix}。</translation>
    </message>
    <message>
      <source>The sensor proposes for “{name}”: {mix}.</source>
      <translation>传感器对“{name}”的建议：{mix}。</translation>
    </message>
    <message>
      <source>The service</source>
      <translation>服务</translation>
    </message>
    <message>
      <source>The service sent rows out of turn.</source>
      <translation>服务发送的行顺序有误。</translation>
    </message>
    <message>
      <source>The settings of {name} have taken the place of the regions; undo brings them back.</source>
      <translation>{name} 的设置已取代各区域；撤销可恢复。</translation>
    </message>
    <message>
      <source>The system's profile of {screen}</source>
      <translation>系统中 {screen} 的配置文件</translation>
    </message>
    <message>
      <source>The whole photo has no mask to take from: choose a region, or add one.</source>
      <translation>整张照片没有可以减去的蒙版：请选择一个区域，或添加一个。</translation>
    </message>
    <message>
      <source>The window fills the screen</source>
      <translation>窗口占满屏幕</translation>
    </message>
    <message>
      <source>Theme</source>
      <translation>主题</translation>
    </message>
    <message>
      <source>There is nothing for a recipe: what is painted by hand fits this photo only.</source>
      <translation>没有可用于配方的内容：手工绘制的只适用于此照片。</translation>
    </message>
    <message>
      <source>There is nothing to restore yet: no region removes anything.</source>
      <translation>目前没有可修复的内容：没有区域去除任何损伤。</translation>
    </message>
    <message>
      <source>There is nothing to return yet: no region removes anything.</source>
      <translation>尚无可返回的内容：没有区域移除任何缺陷。</translation>
    </message>
    <message>
      <source>These are told apart whatever kind of colour vision one has</source>
      <translation>无论何种色觉都能区分这些颜色</translation>
    </message>
    <message>
      <source>This model has not been taught what errors to expect.</source>
      <translation>该模型未学习过如何预估误差。</translation>
    </message>
    <message>
      <source>This window</source>
      <translation>此窗口</translation>
    </message>
    <message>
      <source>This window is free software under the GNU General Public License, version 3 or later.</source>
      <translation>此窗口是自由软件，遵循 GNU 通用公共许可证第 3 版或更新版本。</translation>
    </message>
    <message>
      <source>Tile</source>
      <translation>分块</translation>
    </message>
    <message>
      <source>Tolerance</source>
      <translation>容差</translation>
    </message>
    <message>
      <source>Tones</source>
      <translation>色调</translation>
    </message>
    <message>
      <source>Too dark, noisy and compressed.</source>
      <translation>过暗、有噪点且经过压缩。</translation>
    </message>
    <message>
      <source>Tools</source>
      <translation>工具</translation>
    </message>
    <message>
      <source>Training</source>
      <translation>训练</translation>
    </message>
    <message>
      <source>Try again.</source>
      <translation>请再试一次。</translation>
    </message>
    <message>
      <source>Try the failed ones again</source>
      <translation>重试失败的照片</translation>
    </message>
    <message>
      <source>Undo</source>
      <translation>撤销</translation>
    </message>
    <message>
      <source>Unsaved regions</source>
      <translation>未保存的区域</translation>
    </message>
    <message>
      <source>Unsaved work cannot be copied into {name}, and would be lost in a crash.</source>
      <translation>未保存的工作无法复制到 {name}，崩溃时将会丢失。</translation>
    </message>
    <message>
      <source>Update this one to open it.</source>
      <translation>请更新本程序以打开它。</translation>
    </message>
    <message>
      <source>Use the preferences</source>
      <translation>使用首选项</translation>
    </message>
    <message>
      <source>Use these</source>
      <translation>使用这些</translation>
    </message>
    <message>
      <source>Use this one</source>
      <translation>使用此模型</translation>
    </message>
    <message>
      <source>Used</source>
      <translation>已用</translation>
    </message>
    <message>
      <source>Version</source>
      <translation>版本</translation>
    </message>
    <message>
      <source>Visibility</source>
      <translation>可见性</translation>
    </message>
    <message>
      <source>Waiting for the service</source>
      <translation>正在等待服务</translation>
    </message>
    <message>
      <source>What happened, and a report to send when something is wrong</source>
      <translation>发生了什么，以及出问题时可发送的报告</translation>
    </message>
    <message>
      <source>What is being done</source>
      <translation>正在进行的操作</translation>
    </message>
    <message>
      <source>What is done to every photo</source>
      <translation>对每张照片的处理</translation>
    </message>
    <message>
      <source>What is drawn belongs to the region</source>
      <translation>所绘内容加入区域</translation>
    </message>
    <message>
      <source>What is drawn is taken out of the region; Alt does so for once</source>
      <translation>所绘内容从区域中减去；按住 Alt 可临时如此</translation>
    </message>
    <message>
      <source>What is seen</source>
      <translation>当前所见</translation>
    </message>
    <message>
      <source>What is wrong</source>
      <translation>问题</translation>
    </message>
    <message>
      <source>What it is for, in a sentence</source>
      <translation>用途，一句话说明</translation>
    </message>
    <message>
      <source>What pip-editor doctor finds and the ends of the logs, without your paths and names</source>
      <translation>pip-editor doctor 的检查结果和日志末尾，不含您的路径和名称</translation>
    </message>
    <message>
      <source>What the model's file says</source>
      <translation>模型文件中的说明</translation>
    </message>
    <message>
      <source>What the sensor finds in each photo</source>
      <translation>传感器在每张照片中的发现</translation>
    </message>
    <message>
      <source>What the sensor found</source>
      <translation>传感器的发现</translation>
    </message>
    <message>
      <source>What the service computes on; it says so when there is no such device</source>
      <translation>服务使用的计算设备；若没有该设备会提示</translation>
    </message>
    <message>
      <source>What was changed</source>
      <translation>更改之处</translation>
    </message>
    <message>
      <source>What was done</source>
      <translation>已完成的操作</translation>
    </message>
    <message>
      <source>Where is the photo?</source>
      <translation>照片在哪里？</translation>
    </message>
    <message>
      <source>Whether what is seen has the pixels of the export, or is a first look at low resolution</source>
      <translation>当前所见是导出时的像素，还是低分辨率的初步预览</translation>
    </message>
    <message>
      <source>Which keys do what</source>
      <translation>各快捷键的作用</translation>
    </message>
    <message>
      <source>Which log</source>
      <translation>哪个日志</translation>
    </message>
    <message>
      <source>White where the region is full, black elsewhere</source>
      <translation>区域最强处为白色，其余为黑色</translation>
    </message>
    <message>
      <source>Who has these keys</source>
      <translation>谁在使用这些按键</translation>
    </message>
    <message>
      <source>Whole photo</source>
      <translation>整张照片</translation>
    </message>
    <message>
      <source>With subfolders</source>
      <translation>包括子文件夹</translation>
    </message>
    <message>
      <source>Worst gain, dB</source>
      <translation>最差增益（dB）</translation>
    </message>
    <message>
      <source>Write the region's mask as a gray PNG, white where it is full</source>
      <translation>将区域的蒙版写为灰度 PNG，全选处为白色</translation>
    </message>
    <message>
      <source>Writing {name}</source>
      <translation>正在写入 {name}</translation>
    </message>
    <message>
      <source>Written: {path}.</source>
      <translation>已写入：{path}。</translation>
    </message>
    <message>
      <source>Yellow</source>
      <translation>黄色</translation>
    </message>
    <message>
      <source>Zoom &amp;in</source>
      <translation>放大(&amp;I)</translation>
    </message>
    <message>
      <source>Zoom &amp;out</source>
      <translation>缩小(&amp;O)</translation>
    </message>
    <message>
      <source>a file that was imported</source>
      <translation>导入的文件</translation>
    </message>
    <message>
      <source>a second left</source>
      <translation>还剩一秒</translation>
    </message>
    <message>
      <source>best quality</source>
      <translation>最佳质量</translation>
    </message>
    <message>
      <source>bf16 needs a device that computes in it; fp32 works on every one</source>
      <translation>bf16 需要支持它的设备；fp32 适用于所有设备</translation>
    </message>
    <message>
      <source>bf16, faster</source>
      <translation>bf16，更快</translation>
    </message>
    <message>
      <source>blocks and ringing of JPEG compression</source>
      <translation>JPEG 压缩的块效应和振铃</translation>
    </message>
    <message>
      <source>camera shake, motion and missed focus</source>
      <translation>相机抖动、运动和失焦</translation>
    </message>
    <message>
      <source>clean parts left alone</source>
      <translation>保留干净的部分不动</translation>
    </message>
    <message>
      <source>clean parts restored as well</source>
      <translation>干净的部分也一并修复</translation>
    </message>
    <message>
      <source>done</source>
      <translation>完成</translation>
    </message>
    <message>
      <source>failed</source>
      <translation>失败</translation>
    </message>
    <message>
      <source>fp32, exact</source>
      <translation>fp32，精确</translation>
    </message>
    <message>
      <source>haze, mist and fog</source>
      <translation>雾霾、薄雾和浓雾</translation>
    </message>
    <message>
      <source>no best quality</source>
      <translation>不使用最佳质量</translation>
    </message>
    <message>
      <source>none</source>
      <translation>无</translation>
    </message>
    <message>
      <source>not told</source>
      <translation>未说明</translation>
    </message>
    <message>
      <source>nothing</source>
      <translation>无</translation>
    </message>
    <message>
      <source>overlap</source>
      <translation>重叠</translation>
    </message>
    <message>
      <source>paused</source>
      <translation>已暂停</translation>
    </message>
    <message>
      <source>pip-editor {version}: restores damaged photos, region by region, with one network.</source>
      <translation>pip-editor {version}：用一个网络逐区域修复受损照片。</translation>
    </message>
    <message>
      <source>rain streaks and their veil</source>
      <translation>雨丝及其雨幕</translation>
    </message>
    <message>
      <source>sRGB for the web, and wherever profiles are not followed; colours beyond it are cut</source>
      <translation>sRGB 适用于网络以及不支持配置文件的场合；超出范围的颜色会被裁切</translation>
    </message>
    <message>
      <source>sensor noise and film grain</source>
      <translation>传感器噪点和胶片颗粒</translation>
    </message>
    <message>
      <source>skipped</source>
      <translation>已跳过</translation>
    </message>
    <message>
      <source>the model of the program</source>
      <translation>程序自带的模型</translation>
    </message>
    <message>
      <source>the model {name}</source>
      <translation>模型 {name}</translation>
    </message>
    <message>
      <source>the one that comes with the program</source>
      <translation>程序自带的模型</translation>
    </message>
    <message>
      <source>the program</source>
      <translation>程序自带</translation>
    </message>
    <message>
      <source>too little light</source>
      <translation>光线不足</translation>
    </message>
    <message>
      <source>under 0.1 %</source>
      <translation>不到 0.1 %</translation>
    </message>
    <message>
      <source>under way</source>
      <translation>进行中</translation>
    </message>
    <message>
      <source>waits</source>
      <translation>等待中</translation>
    </message>
    <message>
      <source>{count} failed</source>
      <translation>{count} 张失败</translation>
    </message>
    <message>
      <source>{count} failed: {names}.</source>
      <translation>{count} 张失败：{names}。</translation>
    </message>
    <message>
      <source>{count} skipped</source>
      <translation>跳过 {count} 张</translation>
    </message>
    <message>
      <source>{damage}, up to {sure} %</source>
      <translation>{damage}，最高 {sure} %</translation>
    </message>
    <message>
      <source>{done} of {all} done</source>
      <translation>已完成 {done} / {all}</translation>
    </message>
    <message>
      <source>{error} while the photo was opened.</source>
      <translation>打开照片时出现 {error}。</translation>
    </message>
    <message>
      <source>{field} of {name}</source>
      <translation>{name} 的{field}</translation>
    </message>
    <message>
      <source>{format} cannot hold CMYK: convert to sRGB, or choose TIFF or JPEG.</source>
      <translation>{format} 不支持 CMYK：请转换为 sRGB，或选择 TIFF 或 JPEG。</translation>
    </message>
    <message>
      <source>{format} cannot hold transparency: choose PNG, TIFF or WebP.</source>
      <translation>{format} 不支持透明度：请选择 PNG、TIFF 或 WebP。</translation>
    </message>
    <message>
      <source>{format} holds {side} pixels a side at most: choose PNG or TIFF.</source>
      <translation>{format} 每边最多 {side} 像素：请选择 PNG 或 TIFF。</translation>
    </message>
    <message>
      <source>{host} does not wait for this layer any more. Export the result to keep it.</source>
      <translation>{host} 已不再等待此图层。请导出结果以保留。</translation>
    </message>
    <message>
      <source>{host} waits for this layer. Return it as it is now?</source>
      <translation>{host} 正在等待此图层。现在按当前状态返回吗？</translation>
    </message>
    <message>
      <source>{keys} belongs to “{other}”, which would lose it.</source>
      <translation>{keys} 属于“{other}”，使用后对方将失去它。</translation>
    </message>
    <message>
      <source>{keys} is used by the photo, the lists and the dialogs, and cannot be given away.</source>
      <translation>{keys} 由照片、列表和对话框使用，不能另行分配。</translation>
    </message>
    <message>
      <source>{label}, number</source>
      <translation>{label}，数值</translation>
    </message>
    <message>
      <source>{left}, {right}</source>
      <translation>{left}、{right}</translation>
    </message>
    <message>
      <source>{minutes} min left</source>
      <translation>还剩 {minutes} 分钟</translation>
    </message>
    <message>
      <source>{name} (in use)</source>
      <translation>{name}（使用中）</translation>
    </message>
    <message>
      <source>{name} cannot be read: {reason}.</source>
      <translation>无法读取 {name}：{reason}。</translation>
    </message>
    <message>
      <source>{name} cannot be written: {reason}.</source>
      <translation>无法写入 {name}：{reason}。</translation>
    </message>
    <message>
      <source>{name} copy</source>
      <translation>{name} 副本</translation>
    </message>
    <message>
      <source>{name} does not say how colours become those of the screen.</source>
      <translation>{name} 未说明如何将颜色转换为屏幕的颜色。</translation>
    </message>
    <message>
      <source>{name} has another size than the photo of this project.</source>
      <translation>{name} 的尺寸与此项目的照片不同。</translation>
    </message>
    <message>
      <source>{name} has been changed or moved by another program.</source>
      <translation>{name} 已被其他程序更改或移动。</translation>
    </message>
    <message>
      <source>{name} has been changed since this project was saved.</source>
      <translation>{name} 在此项目保存后已更改。</translation>
    </message>
    <message>
      <source>{name} is a file.</source>
      <translation>{name} 是一个文件。</translation>
    </message>
    <message>
      <source>{name} is damaged: {reason}</source>
      <translation>{name} 已损坏：{reason}</translation>
    </message>
    <message>
      <source>{name} is no colour profile of a screen.</source>
      <translation>{name} 不是屏幕的色彩配置文件。</translation>
    </message>
    <message>
      <source>{name} is no project of pip-editor, or it is damaged.</source>
      <translation>{name} 不是 pip-editor 的项目，或已损坏。</translation>
    </message>
    <message>
      <source>{name} is no project of pip-editor.</source>
      <translation>{name} 不是 pip-editor 的项目。</translation>
    </message>
    <message>
      <source>{name} is switched off: what is done to its mask is not seen.</source>
      <translation>{name} 已关闭：看不到对其蒙版所做的更改。</translation>
    </message>
    <message>
      <source>{name} is the original photo. Replace it for good?</source>
      <translation>{name} 是原始照片。要彻底替换吗？</translation>
    </message>
    <message>
      <source>{name} is the photo itself.</source>
      <translation>{name} 就是照片本身。</translation>
    </message>
    <message>
      <source>{name} is the photo's name, {number} counts; the suffix comes by itself</source>
      <translation>{name} 为照片名称，{number} 为序号；后缀会自动添加</translation>
    </message>
    <message>
      <source>{name} is the photo, or an export writes it: no mask replaces that.</source>
      <translation>{name} 是照片本身或导出将写入的文件：蒙版不会替换它。</translation>
    </message>
    <message>
      <source>{name} is there already. Replace it?</source>
      <translation>{name} 已存在。要替换吗？</translation>
    </message>
    <message>
      <source>{name} is too large for a colour profile.</source>
      <translation>{name} 太大，不像是色彩配置文件。</translation>
    </message>
    <message>
      <source>{name} is too large for a project.</source>
      <translation>{name} 过大，不像是项目文件。</translation>
    </message>
    <message>
      <source>{name} selects nothing: it is black everywhere.</source>
      <translation>{name} 未选择任何内容：图片全黑。</translation>
    </message>
    <message>
      <source>{name} was written by a newer pip-editor.</source>
      <translation>{name} 由更新版本的 pip-editor 写入。</translation>
    </message>
    <message>
      <source>{name}: {mix}</source>
      <translation>{name}：{mix}</translation>
    </message>
    <message>
      <source>{name}: {state}</source>
      <translation>{name}：{state}</translation>
    </message>
    <message>
      <source>{number} of {count}</source>
      <translation>第 {number} 张，共 {count} 张</translation>
    </message>
    <message>
      <source>{seconds} s left</source>
      <translation>还剩 {seconds} 秒</translation>
    </message>
    <message>
      <source>{share}, {left}</source>
      <translation>{share}，{left}</translation>
    </message>
    <message>
      <source>{text}: no pixel of the region changed.</source>
      <translation>{text}：区域中没有像素改变。</translation>
    </message>
    <message>
      <source>{title} failed: {error}.</source>
      <translation>{title} 失败：{error}。</translation>
    </message>
    <message>
      <source>{used} MB are used</source>
      <translation>已使用 {used} MB</translation>
    </message>
    <message>
      <source>“{pattern}” gives no name of a file.</source>
      <translation>“{pattern}”不能作为文件名。</translation>
    </message>
  </context>
</TS>
